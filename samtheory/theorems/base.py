"""Base classes of theorems: assumptions, admissible steps, the one-step inequality, and a plan with its bound."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import sympy as sp

from samtheory.constants import ASSUMPTIONS, Constants
from samtheory.constants import ROUNDING as CLAIMED
from samtheory.errors import InputError, NotApplicable, nonnegative, positive, reject
from samtheory.request import Request
from samtheory.schedules import LAM, Rule, Schedule, is_constant, parameter, rule

from . import debug
from .numbers import number
from .plan import Chosen, Plan, Step, linear_plan
from .rollout import OneStep

#: The quantity that a bound is about, by the name of the measure.
MEASURES = {
    "gap": "E f(x_t) - f*",
    "min_grad2": "min over s < t of E||grad f(x_s)||^2",
    "avg_grad2": "mean over s < t of E||grad f(x_s)||^2",
    "avg_gap": "mean over s < t of E f(x_s) - f*",
    "distance2": "E||x_t - x*||^2",
}

#: (V, W) of the one-step inequality E V+ <= p V + q W + r, by the theorem's `lyapunov`.
LYAPUNOV = {
    "gap": ("f(x) - f*", "||grad f(x)||^2"),
    "distance2": ("||x - x*||^2 for any minimiser x*", "f(x) - f*"),
}

STATUS = ("paper", "ours", "as remembered")

#: What a theorem about Unified SAM knows of the perturbation e = y - x, and so which other methods it covers.
SEES = {
    "direction": "that e is a multiple of g: Unified SAM alone",
    "point": "that x+ = x - gamma g_v(x + e), and the length of e",
    "length": "the length of e alone, through ||h - g|| <= L_v ||e||",
    "mean": "E||h - g|| and E||h||^2 alone, in the master inequality",
    "nothing": "that e = 0",
}

#: Relative rounding that is tolerated above the largest rho or gamma.
ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True)
class Theorem(ABC):
    """A convergence statement.

    Attributes
    ----------
    key : e.g. "unified-sam/3.2"
    title : one line for listings
    source : paper and theorem number
    status : "paper", "ours" or "as remembered"
    assumptions : words of `constants.ASSUMPTIONS`
    measure : a key of `MEASURES`
    statement : the guarantee in one Unicode line
    varying_lam : whether lam_t may change with t
    closed : whether rho may equal rho_max
    lyapunov : a key of `LYAPUNOV`: the quantity V of the one-step inequality and of the start of the bound
    only : the only lam that the theorem covers, None for any
    method : the method that the theorem is about, a name of `methods`
    sees : a key of `SEES`: what the proof uses of the perturbation; decides which other methods it covers
    requires : (left, right) for each condition left <= right on the constants, beyond the assumptions, as expressions
    instead : what to use where one fails
    unproved : why there is no proof of the statement here, "" where there is one or nobody has looked
    """

    key: str
    title: str
    source: str
    status: str
    assumptions: tuple[str, ...]
    measure: str
    statement: str
    varying_lam: bool = False
    closed: bool = False
    lyapunov: str = "gap"
    only: Rule | None = None
    method: str = "unified-sam"
    sees: str = field(default="direction", repr=False)
    requires: tuple[tuple[sp.Expr, sp.Expr], ...] = field(default=(), repr=False)
    instead: str = field(default="", repr=False)
    unproved: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        vocabulary = {"status": STATUS, "measure": MEASURES, "lyapunov": LYAPUNOV, "sees": SEES}
        for name, value, allowed in ((name, getattr(self, name), tuple(words)) for name, words in vocabulary.items()):
            if value not in allowed:
                raise reject(f"{self.key}: {name}", value, "one of " + ", ".join(allowed))
        for word in self.assumptions:
            if word not in ASSUMPTIONS:
                raise reject(f"{self.key}: assumptions", word, "among " + ", ".join(ASSUMPTIONS))

    def why_not_applicable(
        self, constants: Constants, lam: Rule | None = None, allow_outside: bool = False
    ) -> str | None:
        """Reason why the theorem covers no problem with these constants, at this lam if one is given; None if it does.

        `allow_outside` leaves out `failed_condition`.
        """
        lacking = [word for word in self.assumptions if word not in constants.properties]
        if lacking:
            return "not claimed of this problem and sampling: " + ", ".join(lacking)
        if lam is not None and not self.varying_lam and not is_constant(rule("lam", lam)):
            return f"lam={lam}: the theorem covers constant lam only"
        return None if allow_outside else self.failed_condition(constants)

    def goal(self, epsilon: float) -> float:
        """What the bound has to be at most: epsilon^2 where the measure is a squared gradient norm."""
        return epsilon * epsilon if self.measure.endswith("grad2") else epsilon

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        """E V+ <= (1 + growth) V + q W + h sqrt(W) + r at every x, as SymPy expressions: what is proved and evaluated.

        Several where the largest of them holds; none where the statement has no such inequality.
        """
        return ()

    def failed_condition(self, constants: Constants) -> str | None:
        """A reason to refuse the constants themselves, in words; None without one. What `requires` says, by default."""
        return self.unmet(constants)

    def unmet(self, constants: Constants) -> str | None:
        """The condition of `requires` that fails, in words; None if none does."""
        values = constants.values()
        for left, right in self.requires:
            more, less = number(left, values), number(right, values)
            if more > less * (1 + CLAIMED):
                return f"needs {left} <= {right}, not {more:.6g} > {less:.6g}" + (self.instead and f"; {self.instead}")
        return None

    @abstractmethod
    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        """(rho_max, gamma_max) with gamma_max a function of rho; inf without a limit."""

    def limits(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        """`admissible`, at lam = 0 where lam changes with t."""
        return self.admissible(constants, lam if is_constant(lam) else 0.0)

    @abstractmethod
    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        """The plan for `request`, which the theorem covers and whose `rho_fraction` is resolved."""

    def plan(
        self,
        constants: Constants,
        lam: Rule = LAM,
        rho: Rule | None = None,
        gamma: Rule | None = None,
        epsilon: float | None = None,
        delta0: float | None = None,
        allow_outside: bool = False,
    ) -> Plan:
        """The theorem at work, by default with its own steps: mostly rho = rho_max/2 and gamma = gamma_max(rho).

        Parameters
        ----------
        constants : what is known of the problem under the sampling
        lam : a number in [0, 1], or a rule where `varying_lam`
        rho, gamma : steps to use instead of the defaults
        epsilon, delta0 : target and start f(x0) - f_inf, for theorems whose steps depend on them
        allow_outside : evaluate the formulas also where the theorem does not admit rho or gamma

        Raises
        ------
        NotApplicable
            If an assumption is not claimed, or the theorem does not cover lam.
        InputError
            If a value is not allowed, or rho or gamma is outside the admissible set.
        """
        asked = Request(lam=lam, rho=rho, gamma=gamma, epsilon=epsilon, allow_outside=allow_outside)
        return self.plan_for(constants, asked, delta0)

    def plan_for(self, constants: Constants, request: Request, delta0: float | None = None) -> Plan:
        """`plan` for a request.

        Raises
        ------
        NotApplicable, InputError
            As `plan`.
        """
        if not isinstance(constants, Constants):
            given = type(constants).__name__
            raise reject("constants", given, "samtheory.Constants, as problem.constants(sampling) gives them")
        self.require(constants, request)
        if request.rho_fraction is not None:
            rho = self.fraction_of_rho_max(constants, request.lam, request.rho_fraction)
            request = request.but(rho=rho, rho_fraction=None)
        try:
            plan = self.make_plan(constants, request, delta0)
        except ArithmeticError as error:
            raise NotApplicable(f"{self.key}: {error}: its numbers leave the range of float64 here") from error
        plan = debug.checked(plan) if debug.switched_on() else plan
        return replace(plan, made_from=(constants, request, delta0))

    def step(self, constants: Constants, rho: float, gamma: float, lam: float) -> Step:
        """(p, q, r) with E V+ <= p V + q W + r at every x, for constant parameters."""
        return self.plan(constants, lam, rho, gamma).step_at(gamma, rho, lam)

    def require(self, constants: Constants, request: Request) -> None:
        """Raise NotApplicable if the theorem does not cover the request."""
        if reason := self.why_not_applicable(constants, request.lam, request.allow_outside):
            raise NotApplicable(f"{self.key}: {reason}")
        if self.only is not None and request.lam != self.only:
            raise NotApplicable(f"{self.key}: lam={request.lam}: the theorem covers lam={self.only} only")

    def fraction_of_rho_max(self, constants: Constants, lam: Rule, fraction: float) -> float:
        """fraction * rho_max, or InputError where the theorem has no limit on rho."""
        rho_max, _ = self.limits(constants, lam)
        if not math.isfinite(rho_max):
            raise InputError(f"rho-fraction={fraction}: {self.key} has no largest rho to take a fraction of; give rho")
        return fraction * rho_max

    def choose(self, constants: Constants, request: Request) -> Chosen:
        """Constant steps after defaults and checks: rho below rho_max, gamma up to gamma_max.

        Raises
        ------
        NotApplicable, InputError
            As `plan`.
        """
        rho_max, gamma_max = self.admissible(constants, request.lam)
        rho = rho_max / 2 if request.rho is None else nonnegative("rho", request.rho)
        if rho_max == 0 < rho and not request.allow_outside:
            raise NotApplicable(f"{self.key}: rho={rho:.6g}: the theorem covers rho = 0 only")
        if not request.allow_outside and not (rho <= rho_max * (1 + ROUNDING) if self.closed else rho < rho_max):
            limit = "at most" if self.closed else "below"
            raise reject("rho", f"{rho:.6g}", f"{limit} rho_max={rho_max:.6g} ({self.key})")
        largest = gamma_max(rho)
        gamma = largest if request.gamma is None else positive("gamma", request.gamma)
        if not request.allow_outside and gamma > largest * (1 + ROUNDING):
            raise reject("gamma", f"{gamma:.6g}", f"at most gamma_max={largest:.6g} at rho={rho:.6g} ({self.key})")
        if not (gamma > 0 and math.isfinite(gamma)):
            raise InputError(f"gamma={gamma:g}: must be given, as {self.key} has no default at rho={rho:.6g}")
        return Chosen(rho, gamma, rho_max, largest)


@dataclass(frozen=True, kw_only=True)
class ConstantSteps(Theorem):
    """E delta_{t+1} <= contraction E delta_t + noise for constant steps, from four formulas.

    Attributes
    ----------
    rho_max, gamma_max, contraction, noise : SymPy expressions in the symbols of `symbols`
    """

    rho_max: sp.Expr = field(repr=False)
    gamma_max: sp.Expr = field(repr=False)
    contraction: sp.Expr = field(repr=False)
    noise: sp.Expr = field(repr=False)

    @cached_property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(self.contraction - 1, sp.Integer(0), self.noise),)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values(lam=parameter("lam", lam))
        return number(self.rho_max, values), lambda rho: number(self.gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        chosen = self.choose(constants, request)
        return linear_plan(self, constants, Schedule(chosen.gamma, chosen.rho, request.lam), chosen)
