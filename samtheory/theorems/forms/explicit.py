"""Non-convex theorems that name their steps and the number of them for an epsilon and a delta0."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import sympy as sp

from samtheory.constants import Constants
from samtheory.errors import InputError, nonnegative, reject
from samtheory.request import Request
from samtheory.schedules import parameter

from ..numbers import ceiling, number
from ..plan import Plan
from .descent import Descent

#: The number of steps, in the formulas of gamma and rho.
T = sp.Symbol("T", positive=True)


@dataclass(frozen=True, kw_only=True)
class ExplicitSteps(Descent):
    """With epsilon and delta0, gamma, rho and T are those of the statement; otherwise as `Descent`.

    Attributes
    ----------
    horizon : T, of epsilon and delta0
    gamma_caps, rho_caps : gamma and rho are the smallest of these, a zero denominator counting as no cap; 0 of none
    """

    horizon: sp.Expr = field(repr=False)
    gamma_caps: tuple[sp.Expr, ...] = field(repr=False)
    rho_caps: tuple[sp.Expr, ...] = field(default=(), repr=False)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        epsilon = request.epsilon
        if epsilon is None or request.rho is not None or request.gamma is not None:
            return super().make_plan(constants, request, delta0)
        if delta0 is None:
            raise InputError(f"delta0 is missing: {self.key} needs f(x0) - f_inf for its steps to epsilon")
        goal = constants.values(
            lam=parameter("lam", request.lam), epsilon=epsilon, delta0=nonnegative("delta0", delta0)
        )
        needed = ceiling(number(self.horizon, goal))
        if needed is None:
            raise reject("epsilon", epsilon, f"larger: the number of steps from delta0={delta0:g} is no float64")
        needed = max(needed, 1)
        size = min(number(cap, goal, T=needed) for cap in self.gamma_caps)
        radius = min((number(cap, goal, gamma=size) for cap in self.rho_caps), default=0.0)
        plan = super().make_plan(constants, request.but(rho=radius, gamma=size), delta0)

        def iterations(target: float, start: float) -> int | None:
            """The statement's T, for the epsilon and delta0 that the steps were made for."""
            return needed if (target, start) == (epsilon, delta0) else plan.iterations(target, start)

        return replace(plan, iterations=iterations)
