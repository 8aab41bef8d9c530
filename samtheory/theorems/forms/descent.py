"""Theorems that are one inequality: E V+ <= (1 + growth) V - descent W + noise at every x.

V = delta and W = ||grad f||^2, or V = ||x - x*||^2 and W = delta (`base.LYAPUNOV`).  Under PL, W >= 2 mu V in the
first case, and f - f* >= (mu/2) dist(x, X*)^2 in the second (Karimi, Nutini, Schmidt 2016): a linear rate.  Without PL
the sum over t < T telescopes to a bound on the smallest W, or on the mean of all where growth = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import sympy as sp

from samtheory.constants import Constants
from samtheory.errors import nonnegative, reject
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, is_constant, rule

from ..base import Theorem
from ..numbers import number
from ..plan import Plan, linear_plan
from ..rollout import OneStep
from ..symbols import mu
from .followed import followed_plan
from .telescoped import telescoped_plan

#: W >= slope V under PL.
SLOPES = {"gap": 2 * mu, "distance2": mu / 2}


@dataclass(frozen=True, kw_only=True)
class Descent(Theorem):
    """One inequality with constant rho and gamma, and what follows from it for the measure.

    Attributes
    ----------
    rho_max, gamma_max, growth, descent, noise : SymPy expressions in the symbols of `symbols`
    rho_usual, gamma_usual : the steps that are used where none are given; rho_max/2 and gamma_max by default
    """

    rho_max: sp.Expr = field(repr=False)
    gamma_max: sp.Expr = field(repr=False)
    growth: sp.Expr = field(default=sp.Integer(0), repr=False)
    descent: sp.Expr = field(repr=False)
    noise: sp.Expr = field(repr=False)
    rho_usual: sp.Expr | None = field(default=None, repr=False)
    gamma_usual: sp.Expr | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.measure.startswith("avg") and self.growth != 0:
            raise reject(f"{self.key}: growth", self.growth, "0 for a bound on a mean")

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(self.growth, -self.descent, self.noise),)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        """Where lam changes with t, those of lam = 0, the smallest."""
        values = values_at(constants, lam)
        return number(self.rho_max, values), lambda rho: number(self.gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = values_at(constants, request.lam)
        if request.rho is None:
            request = request.but(rho=number(self.rho_max / 2 if self.rho_usual is None else self.rho_usual, values))
        if request.gamma is None and self.gamma_usual is not None:
            rho = nonnegative("rho", request.rho)
            request = request.but(gamma=number(self.gamma_usual, values, rho=rho))
        chosen = self.choose(constants, request)
        schedule = Schedule(chosen.gamma, chosen.rho, request.lam)
        if self.measure not in SLOPES:
            return telescoped_plan(self, constants, schedule, chosen)
        if schedule.constant:
            return linear_plan(self, constants, schedule, chosen)
        return followed_plan(self, constants, schedule, chosen)


def values_at(constants: Constants, lam: Rule) -> dict[str, float]:
    """The numbers of the formulas at lam, at 0 where it changes with t."""
    lam = rule("lam", lam)
    return constants.values(lam=float(lam) if is_constant(lam) else 0.0)  # type: ignore[arg-type]
