"""PL, SGD (rho = 0), steps made for a horizon K: Khaled & Richtárik (2020), their PL theorem (re-derived).

With b = max{2AL/mu, 2BL} and gamma_t <= 1/b, E delta+ <= (1 - gamma_t mu) delta + L C gamma_t^2/2.  gamma_t = 1/b in
the first half (always, if K <= b/mu), then 2/(mu (2b/mu + t - ceil(K/2))); Stich's lemma gives the bound at K.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from .base import Plan, Step, Theorem
from .forms.horizon import USUAL, only_at, reached
from .numbers import first_at_most


@dataclass(frozen=True, kw_only=True)
class Horizon(Theorem):
    """The bound at K, which is `horizon.USUAL`, or what epsilon and delta0 need."""

    closed: bool = True
    only: Rule | None = 0.0

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values()
        b = max(2 * values["A"] * values["L"] / values["mu"], 2 * values["B"] * values["L"])
        return 0.0, lambda rho: 1 / b

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        rho, first, rho_max, gamma_max = self.choose(constants, request.but(gamma=None))
        if request.gamma is not None:
            raise NotApplicable(f"{self.key}: gamma={request.gamma}: the statement fixes gamma_t by the horizon")
        values = constants.values()
        mu, L, C = values["mu"], values["L"], values["C"]

        def after(K: Any, start: float) -> Array:
            return np.asarray(np.exp(-mu * K * first / 2) * start + 9 * L * C / (2 * mu**2 * K))

        K: int = USUAL
        if request.epsilon is not None and delta0 is not None:
            K = first_at_most(lambda k: after(float(k), delta0), request.epsilon, start=1) or USUAL
        half = math.ceil(K / 2)

        def size(t: int) -> float:
            return first if t < half or K * mu * first <= 1 else 2 / (mu * (2 / (first * mu) + t - half))

        def step(t: int) -> Step:
            return 1 - size(t) * mu, 0.0, L * C * size(t) ** 2 / 2

        value = lambda start: float(after(float(K), start))  # noqa: E731
        goal = reached(K, value, lambda target: target)
        schedule = Schedule(size, rho, request.lam)
        return Plan(
            self, schedule, only_at(K, value), goal, step, rho, first, rho_max, gamma_max, start=K
        )  # fmt: skip


theorem = Horizon(
    key="khaled-richtarik-2020/pl",
    title="PL, SGD, steps made for a horizon",
    source="Khaled & Richtárik 2020, PL theorem (re-derived)",
    status="as remembered",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    statement="E δ_K ≤ exp(−μK/(2b)) δ₀ + 9LC/(2μ²K), b = max{2AL/μ, 2BL}, γ_t for K steps, ρ = 0",
)
