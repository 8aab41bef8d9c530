"""Non-convex, bounded variance, USAM: Andriushchenko & Flammarion (ICML 2022), as remembered.

gamma = 1/(sqrt(T) beta) and rho = 1/(T^(1/4) beta) for a horizon T, with beta = max{L, Lambda}, so that
(beta rho)^2 = beta gamma.  One step gains (gamma/4) ||grad f||^2 and adds 2 beta gamma^2 C where beta rho <= 12/25,
which is T >= 19; the statement for smaller T is neither proved here nor refuted.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from .base import Theorem
from .forms.horizon import USUAL, horizon_plan
from .plan import Chosen, Plan
from .rollout import OneStep
from .symbols import C, L, Lambda, gamma, largest

beta = largest(L, Lambda)
descent, noise = gamma / 4, 2 * beta * gamma**2 * C
#: The smallest horizon: beta rho = 19^(-1/4) < 12/25.
FIRST = 19


@dataclass(frozen=True, kw_only=True)
class Remembered(Theorem):
    """A mean over a horizon T, which is `horizon.USUAL`, or what epsilon and delta0 need."""

    closed: bool = True

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(sp.Integer(0), -descent, noise),)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values()
        beta = max(values["L"], values["Lambda"])
        return 1 / (USUAL**0.25 * beta), lambda rho: 1 / (math.sqrt(USUAL) * beta)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        if request.rho is not None or request.gamma is not None:
            raise NotApplicable(f"{self.key}: the statement fixes rho and gamma by the horizon")
        values = constants.values()
        beta, C = max(values["L"], values["Lambda"]), values["C"]

        def value(start: float) -> float:
            return (4 * beta * start + 8 * C) / math.sqrt(T)

        T: int = USUAL
        if request.epsilon is not None and delta0 is not None:
            T = max(FIRST, math.ceil(((4 * beta * delta0 + 8 * C) / request.epsilon**2) ** 2))
        radius, size = 1 / (T**0.25 * beta), 1 / (math.sqrt(T) * beta)
        schedule, chosen = Schedule(size, radius, request.lam), Chosen(radius, size, radius, size)
        return horizon_plan(self, constants, schedule, chosen, T, value)


theorem = Remembered(
    key="andriushchenko-2022/non-convex",
    title="non-convex, bounded variance, USAM: the mean squared gradient norm over a horizon",
    source="Andriushchenko & Flammarion, ICML 2022 (non-convex)",
    status="as remembered",
    assumptions=("smooth", "bounded-variance"),
    measure="avg_grad2",
    sees="mean",
    statement=(
        "(1/T) Σ_{t<T} E‖∇f(x_t)‖² ≤ 4βδ₀/√T + 8C/√T for T ≥ 19, γ = 1/(√T β), ρ = 1/(T^{1/4} β), β = max{L, Λ}"
    ),
    only=0.0,
)
