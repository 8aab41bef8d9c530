"""Base classes of theorems: assumptions, admissible steps, the one-step inequality, and a plan with its bound."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from samtheory._typing import Array
from samtheory.constants import ASSUMPTIONS, Constants
from samtheory.errors import InputError, NotApplicable, nonnegative, positive, reject
from samtheory.request import Request
from samtheory.schedules import LAM, Rule, Schedule, is_constant, parameter, rule

from . import debug
from .numbers import evaluate, number, reached, settled, unrolled
from .rollout import OneStep, shrinkage, wedge

#: E V+ <= p V + q W + r: for most theorems V = delta and W = ||grad f||^2, see `LYAPUNOV`.
Step = tuple[float, float, float]

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

#: Relative rounding that is tolerated above the largest rho or gamma.
ROUNDING = 1e-12


class Chosen(NamedTuple):
    """Constant steps and their limits, gamma_max at that rho."""

    rho: float
    gamma: float
    rho_max: float
    gamma_max: float


def nothing_free(start: float, begin: int, stop: int) -> Mapping[str, Array]:
    """No free symbols in the one-step inequality."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A theorem with concrete parameters: its schedule and its guarantee.

    Attributes
    ----------
    constants : what the plan is made of
    schedule : gamma_t, rho_t, lam_t to run
    bound : (t, V0) -> the guarantee on the theorem's measure after t steps (t scalar or array); V0 = delta0, or
        ||x0 - x*||^2 where the theorem's `lyapunov` is the distance
    iterations : (epsilon, V0) -> the steps after which the guarantee is and stays at most epsilon (epsilon^2 where
        the measure is a squared gradient norm), None if never, or if it is not certain; a theorem that names such a
        number gives its own, else the least
    reached : (epsilon, V0) -> the least number of steps after which the guarantee is at most epsilon, whatever it is
        later; None if never
    rho, gamma : the values in force (their caps, where the theorem lets them decrease)
    rho_max, gamma_max : the largest admissible, the second at the rho in force; inf where unbounded
    contraction, neighbourhood : of the linear rate; None where the theorem has none
    start : the first t at which `bound` is a statement
    horizon : the only t at which `bound` says something, None if it does at every t >= start
    free : (V0, begin, stop) -> values of the symbols of `Theorem.inequality` that are no constants or parameters, by
        name, each of shape (members, stop - begin), in use on the bound from V0
    delta0 : the V0 of `step`, where the inequality depends on it
    made_from : (constants, request, delta0) of `Theorem.plan_for`, by which a plan pickles
    """

    theorem: Theorem
    constants: Constants
    schedule: Schedule
    bound: Callable[[Any, float], Array]
    iterations: Callable[[float, float], int | None]
    reached: Callable[[float, float], int | None]
    rho: float
    gamma: float
    rho_max: float
    gamma_max: float
    contraction: float | None = None
    neighbourhood: float | None = None
    start: int = 0
    horizon: int | None = None
    free: Callable[[float, int, int], Mapping[str, Array]] = nothing_free
    delta0: float = 1.0
    made_from: tuple[Constants, Request, float | None] | None = field(default=None, repr=False, compare=False)

    def __reduce__(self) -> str | tuple[Any, ...]:
        if self.made_from is None:
            return super().__reduce__()
        return Theorem.plan_for, (self.theorem, *self.made_from)

    def inequality(self, start: float, begin: int, stop: int) -> OneStep:
        """The theorem's one-step inequality at t = begin, ..., stop - 1, on the bound from V0 = start.

        Returns
        -------
        Arrays that broadcast to (cases, members, stop - begin), see `rollout`.

        Raises
        ------
        NotApplicable
            If the statement has no inequality of one step.
        InputError
            If the numbers overflow.
        """
        names = dict(zip(("gamma", "rho", "lam"), self.schedule.arrays(begin, stop), strict=True))
        return self.inequality_at({**names, **self.free(start, begin, stop)})

    def inequality_at(self, values: Mapping[str, Any]) -> OneStep:
        """The theorem's one-step inequality where the parameters and free symbols have these values, see `inequality`.

        A factor 1 + growth below 0 counts as 0.

        Raises
        ------
        NotApplicable, InputError
            As `inequality`.
        """
        if not self.theorem.inequality:
            raise NotApplicable("the statement has no inequality of one step")
        now = {name: np.atleast_1d(value) for name, value in {**self.constants.values(), **values}.items()}
        with np.errstate(all="ignore"):
            cases = [np.broadcast_arrays(*(evaluate(part, now) for part in case)) for case in self.theorem.inequality]
            parts = [np.array([np.atleast_2d(each) for each in part]) for part in zip(*cases, strict=True)]
        if not all(np.isfinite(part).all() for part in parts):
            raise InputError("rho, gamma: too large for this problem: the one-step bound overflows")
        growth, *rest = parts
        return OneStep(np.maximum(growth, -1.0), *rest)

    def step(self, t: int) -> Step:
        """(p, q, r), meaning E V_{t+1} <= p V_t + q W_t + r at every x_t, see `LYAPUNOV`.

        Raises
        ------
        NotApplicable, InputError
            As `inequality`; and if the inequality is not linear.
        """
        return self._step(t)

    @cached_property
    def _step(self) -> Callable[[int], Step]:
        return cache(lambda t: self.step_at(*self.schedule.at(t), t=t))

    def step_at(self, gamma: float, rho: float, lam: float, t: int = 0) -> Step:
        """`step` with these parameters and the free symbols of time t."""
        free = self.free(self.delta0, t, t + 1)
        one = self.inequality_at({"gamma": gamma, "rho": rho, "lam": lam, **free})
        growth, q, r, h = (part[:, 0, 0].tolist() for part in one)
        if len(growth) > 1 or any(h):
            raise NotApplicable("the inequality of one step is not linear in V and W")
        return 1 + growth[0], q[0], r[0]


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

    def __post_init__(self) -> None:
        vocabulary = {"status": STATUS, "measure": MEASURES, "lyapunov": LYAPUNOV}
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
        """A condition of the theorem on the constants themselves that fails, in words; None if none does."""
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
        plan = self.make_plan(constants, request, delta0)
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

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(self.contraction - 1, sp.Integer(0), self.noise),)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values(lam=parameter("lam", lam))
        return number(self.rho_max, values), lambda rho: number(self.gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        chosen = self.choose(constants, request)
        return linear_plan(self, constants, Schedule(chosen.gamma, chosen.rho, request.lam), chosen)


def closed_plan(
    theorem: Theorem,
    constants: Constants,
    schedule: Schedule,
    chosen: Chosen,
    bound: Callable[[Any, float], Array],
    turns: Callable[[float], Sequence[int]],
    **more: Any,
) -> Plan:
    """The plan of a bound in closed form that tends to 0.

    Parameters
    ----------
    turns : V0 -> times between which the bound is monotone, as it is after the last; the first is the plan's start
    more : further fields of `Plan`
    """

    def at(start: float) -> Callable[[int], Array]:
        return lambda t: bound(t, start)

    return Plan(
        theorem=theorem, constants=constants, schedule=schedule, bound=bound,
        iterations=lambda epsilon, start: settled(at(start), theorem.goal(epsilon), turns(start)),
        reached=lambda epsilon, start: reached(at(start), theorem.goal(epsilon), turns(start)),
        **chosen._asdict(), **more,
    )  # fmt: skip


def linear_plan(
    theorem: Theorem, constants: Constants, schedule: Schedule, chosen: Chosen, free: Mapping[str, float] | None = None
) -> Plan:
    """The plan of E V_{t+1} <= (1 - x) E V_t + noise, constant in t, from an inequality with one member.

    1 - x counts as 0 if negative.

    Parameters
    ----------
    free : values of the free symbols of the inequality
    """

    def bound(t: Any, delta0: float) -> Array:
        return unrolled(x, noise, t, delta0)

    def iterations(epsilon: float, delta0: float) -> int | None:
        # The bound moves from delta0 to its limit and never turns.
        return settled(lambda t: bound(t, delta0), epsilon, (0,), limit)

    plan = Plan(
        theorem=theorem, constants=constants, schedule=schedule, bound=bound, iterations=iterations,
        reached=lambda epsilon, delta0: 0 if delta0 <= epsilon else iterations(epsilon, delta0), **chosen._asdict(),
        free=lambda start, begin, stop: {name: np.full((1, 1), value) for name, value in (free or {}).items()},
    )  # fmt: skip
    growth, q, r, _ = (float(part[0, 0, 0]) for part in plan.inequality(1.0, 0, 1))
    x, noise = float(shrinkage(growth, q, wedge(plan))), r
    limit = noise / x if x > 0 else math.inf
    return replace(plan, contraction=1 - x, neighbourhood=limit) if x > 0 else plan
