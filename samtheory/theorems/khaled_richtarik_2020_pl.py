"""PL, SGD (rho = 0), steps made for a horizon K: Khaled & Richtárik (2020), their PL theorem (re-derived).

With b = max{2AL/mu, 2BL} and gamma_t <= 1/b, E delta+ <= (1 - gamma_t mu) delta + L C gamma_t^2/2.  gamma_t = 1/b in
the first half (always, if K <= b/mu), then 2/(mu (2b/mu + t - ceil(K/2))); Stich's lemma gives the bound at K.
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
from .numbers import first_at_most, number
from .plan import Plan
from .rollout import OneStep
from .symbols import A, B, C, L, gamma, largest, mu

#: The largest step is 1/b.
b = largest(2 * A * L / mu, 2 * B * L)


@dataclass(frozen=True, kw_only=True)
class Horizon(Theorem):
    """The bound at K, which is `horizon.USUAL`, or what epsilon and delta0 need."""

    closed: bool = True
    only: Rule | None = 0.0

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        largest_gamma = number(1 / b, constants.values())
        return 0.0, lambda rho: largest_gamma

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(-gamma * mu, sp.Integer(0), L * C * gamma**2 / 2),)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        chosen = self.choose(constants, request.but(gamma=None))
        if request.gamma is not None:
            raise NotApplicable(f"{self.key}: gamma={request.gamma}: the statement fixes gamma_t by the horizon")
        values, first = constants.values(), chosen.gamma
        mu_, rest = values["mu"], number(9 * L * C / (2 * mu**2), values)

        def after(K: float, start: float) -> float:
            return math.exp(-mu_ * K * first / 2) * start + rest / K

        K: int = USUAL
        if request.epsilon is not None and delta0 is not None:
            K = first_at_most(lambda k: after(float(k), delta0), request.epsilon, start=1) or USUAL
        half = math.ceil(K / 2)

        def size(t: int) -> float:
            return first if t < half or K * mu_ * first <= 1 else 2 / (mu_ * (2 / (first * mu_) + t - half))

        schedule = Schedule(size, chosen.rho, request.lam)
        return horizon_plan(self, constants, schedule, chosen, K, lambda start: after(float(K), start))


theorem = Horizon(
    key="khaled-richtarik-2020/pl",
    title="PL, SGD, steps made for a horizon",
    source="Khaled & Richtárik 2020, PL theorem (re-derived)",
    status="as remembered",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="nothing",
    statement="E δ_K ≤ exp(−μK/(2b)) δ₀ + 9LC/(2μ²K), b = max{2AL/μ, 2BL}, γ_t for K steps, ρ = 0",
)
