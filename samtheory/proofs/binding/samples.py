"""Random plans of a theorem, and the values of the symbols of its proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

from ..kernel.rules import recursions
from ..language.terms import a_at, gamma_at, lam_at, rho_at, spelt_out

#: Plans that are drawn for a theorem.
PLANS = 24
#: Relative rounding.
ROUNDING = 1e-7
#: Claims that any of the constants below may carry; f is then a quadratic, say.
CLAIMS = {"minimiser", "convex", "convex-components", "strongly-convex"}


@dataclass(frozen=True)
class Sample:
    """A plan, and V_0."""

    plan: Plan
    start: float
    more: Mapping[sp.Symbol, float] = field(default_factory=dict)
    _known: dict[int, dict[str, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def values(self, time: int) -> dict[str, Any]:
        """The values of the symbols at a time, by name."""
        if time not in self._known:
            self._known[time] = self._values(time)
        return self._known[time]

    def _values(self, time: int) -> dict[str, Any]:
        plan = self.plan
        gamma, rho, lam = plan.schedule.at(time)
        free = {name: value.flat[0] for name, value in plan.free(self.start, 0, 1).items()}
        return {
            **plan.constants.values(), **free, "gamma": gamma, "rho": rho, "lam": lam, "a": 1 - lam,
            "delta0": self.start, "R₀²": self.start, "ρ̂": plan.rho, "γ̂": plan.gamma, "t": time, "T": time,
            **{symbol.name: value for symbol, value in self.more.items()},
        }  # fmt: skip

    def at(self, x: sp.Expr, time: int) -> float | None:
        """The value of an expression at a time; None if it has a symbol without a value."""
        formula, symbols, functions = compiled(x)
        values = self.values(time)
        if any(symbol.name not in values for symbol in symbols):
            return None
        if not all(fits(symbol, values[symbol.name]) for symbol in symbols):
            return None
        numbers = [np.float64(values[symbol.name]) for symbol in symbols]
        for each in functions:
            number = self.function(each, time)
            if number is None:
                return None
            numbers.append(np.float64(number))
        with np.errstate(all="ignore"):
            return float(formula(*numbers))

    def function(self, call: AppliedUndef, time: int) -> float | None:
        """The value of a function of the time."""
        when = self.at(call.args[0], time)
        if when is None:
            return None
        if call.func in SCHEDULE:
            gamma, rho, lam = self.plan.schedule.at(int(when))
            return (gamma, rho, lam, 1 - lam)[SCHEDULE[call.func]]
        if call.func not in recursions():
            return None
        symbol, first, after = recursions()[call.func]
        F, value = sp.Symbol("F"), self.at(first, 0)
        following = after.subs(call.func(symbol), F)
        for s in range(int(when)):
            one = Sample(self.plan, self.start, {**self.more, F: value or 0.0})
            value = one.at(following, s)
        return value


def fits(symbol: sp.Symbol, value: float) -> bool:
    """Whether a symbol may have this value: one of the same name and another sign is another symbol."""
    return (not symbol.is_nonnegative or value >= 0) and (not symbol.is_positive or value > 0)


SCHEDULE = {gamma_at: 0, rho_at: 1, lam_at: 2, a_at: 3}


@lru_cache(maxsize=4096)
def compiled(x: sp.Expr) -> tuple[Any, list[sp.Symbol], list[AppliedUndef]]:
    """A function of the symbols and the functions of the time in an expression."""
    x = spelt_out(x)
    functions = sorted(x.atoms(AppliedUndef), key=str)
    stand_ins = {each: sp.Dummy() for each in functions}
    x = x.xreplace(stand_ins)
    symbols = sorted(x.free_symbols - set(stand_ins.values()), key=str)
    return sp.lambdify([*symbols, *stand_ins.values()], x, "numpy"), symbols, functions


def constants_of(theorem: Theorem, rng: np.random.Generator) -> Constants:
    """Constants that the theorem covers and some function could have."""

    def power(low: float, high: float) -> float:
        return float(10.0 ** rng.uniform(low, high))

    mu = power(-2, 1)
    L = mu * (1.0 if rng.random() < 0.2 else power(0, 2))
    Lambda = L * (1.0 if rng.random() < 0.3 else power(0, 1))
    Lambda1 = L + (Lambda - L) * rng.random()
    Lambda2 = Lambda1 + (Lambda - Lambda1) * rng.random()
    kinds = ("full-batch", "bounded-variance", "general")
    kind = next((kind for kind in kinds if kind in theorem.assumptions), rng.choice(kinds, p=[0.15, 0.15, 0.7]))
    # Some of what a theorem excludes by itself is drawn too.
    quiet = rng.random() < (0.7 if "interpolation" in theorem.assumptions else 0.3)
    A, B, C, claims = 0.0, 1.0, 0.0 if quiet else power(-2, 1), set(CLAIMS)
    if kind == "full-batch":
        Lambda, Lambda1, Lambda2, C = L, L, L, 0.0
        claims |= {"full-batch", "bounded-variance"}
    elif kind == "general":
        A, B = mu * power(0, 2), float(rng.choice([0.0, rng.random()]))
    else:
        claims |= {"bounded-variance"}
    claims |= {"interpolation"} if C == 0 or rng.random() < 0.5 else set()
    other_max, other_avg = (float(rng.choice([1.0, rng.uniform(0.3, 1), 1.5])) for _ in range(2))
    Lcal, R = (L, 0.0) if kind == "full-batch" else (L + Lambda * rng.random(), Lambda * rng.random())
    L_max = max(L, other_max * Lambda)
    b = power(-1, 0.3)
    A_h, B_h = mu * float(rng.choice([0.0, power(-1, 1)])), b**2 * power(0, 1)
    numbers = {
        "L": L, "mu": mu, "Lambda": Lambda, "Lambda1": Lambda1, "Lambda2": Lambda2,
        "L_max": L_max, "L_avg": min(other_avg * Lambda1, L_max),
        "A": A, "B": B, "C": C, "Lcal": Lcal, "R": R, "sigma2": C * rng.random(),
        "b": b, "c": C * rng.random(), "A_h": A_h, "B_h": B_h, "C_h": C,
    }  # fmt: skip
    return Constants.from_values(numbers, claims)


def asked(theorem: Theorem, constants: Constants, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Requests, the most particular first: some statements fix rho and gamma."""
    lam = float(rng.choice([0.0, 1.0, rng.random()])) if theorem.only is None else theorem.only
    rho_max, gamma_max = theorem.limits(constants, lam)
    scale = rho_max if np.isfinite(rho_max) else 2 / float(constants.L)
    edge = 1.0 if theorem.closed else 0.999
    rho = scale * float(rng.choice([0.0, rng.random(), 0.5, edge]))
    largest = gamma_max(rho)
    largest = largest if np.isfinite(largest) else 2 / float(constants.L)
    gamma = largest * float(rng.choice([rng.random(), 0.999, 1.0]))
    yield from ({"lam": lam, "rho": rho, "gamma": gamma}, {"lam": lam, "rho": rho}, {"lam": lam})


@cache
def samples(theorem: Theorem) -> tuple[Sample, ...]:
    """Random plans that the calculator makes, at the limits of the steps too."""
    found: list[Sample] = []
    rng = np.random.default_rng(20250301)
    for _ in range(20 * PLANS):
        constants, start = constants_of(theorem, rng), float(10.0 ** rng.uniform(-2, 2))
        with suppress(InputError, NotApplicable):
            for request in asked(theorem, constants, rng):
                with suppress(InputError, NotApplicable):
                    found.append(Sample(theorem.plan(constants, **request, delta0=start), start))
                    break
        if len(found) == PLANS:
            break
    return tuple(found)
