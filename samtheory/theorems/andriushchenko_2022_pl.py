"""PL, bounded variance, USAM, decreasing steps: Andriushchenko & Flammarion (ICML 2022), as remembered.

gamma_t = min{(8t+4)/(3 mu (t+1)^2), 1/(2 beta)} and rho_t = sqrt(gamma_t/beta), beta >= L, Lambda.  A claim under test.

The statement needs E delta+ <= (1 - (3/4) gamma_t mu) delta + noise, a gain of (3/8) gamma_t ||grad f||^2.  The
inequalities of this project use the length of h - grad f only, at most beta rho_t ||grad f|| at C = 0, and leave
gamma_t (1 - beta rho_t)(1 - beta gamma_t (1 - beta rho_t)/2) ||grad f||^2: 0.271 gamma_t ||grad f||^2 at
gamma_t = 1/(2 beta), where beta rho_t = 1/sqrt(2).  With the length alone the statement is false: on f = x^2/2 with
h = (1 - rho_t) x, C = 0 and delta_0 = 1/2 it says delta_3 <= 0.167, and delta_3 = 0.193.
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

from .base import Theorem
from .plan import Chosen, Plan, closed_plan


@dataclass(frozen=True, kw_only=True)
class Remembered(Theorem):
    """The statement fixes rho_t and gamma_t."""

    closed: bool = True

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values()
        beta = max(values["L"], values["Lambda"])
        return 1 / (math.sqrt(2) * beta), lambda rho: 1 / (2 * beta)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        if request.rho is not None or request.gamma is not None:
            raise NotApplicable(f"{self.key}: the statement fixes rho_t and gamma_t")
        values = constants.values()
        beta, mu, C = max(values["L"], values["Lambda"]), values["mu"], values["C"]

        def step_size(t: int) -> float:
            return min((8 * t + 4) / (3 * mu * (t + 1) ** 2), 1 / (2 * beta))

        def bound(t: Any, start: float) -> Array:
            T = np.asarray(t, dtype=np.float64)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                return np.where(T > 0, 3 * (beta / (mu * T)) ** 2 * start + 22 * beta * C / mu**2 / T, np.inf)

        rho_max, gamma_max = self.admissible(constants, request.lam)
        schedule = Schedule(step_size, lambda t: math.sqrt(step_size(t) / beta), request.lam)
        gamma, rho, _ = schedule.at(0)
        chosen = Chosen(rho, gamma, rho_max, gamma_max(rho_max))
        return closed_plan(self, constants, schedule, chosen, bound, lambda start: (1,), start=1)


theorem = Remembered(
    key="andriushchenko-2022/pl",
    title="PL, bounded variance, USAM, decreasing steps: rate 1/T to the solution",
    source="Andriushchenko & Flammarion, ICML 2022 (PL)",
    status="as remembered",
    assumptions=("smooth", "PL", "ER", "bounded-variance"),
    measure="gap",
    statement=(
        "E f(x_T) − f* ≤ 3β²δ₀/(μ²T²) + 22βC/(μ²T), β = max{L, Λ}, γ_t = min{(8t+4)/(3μ(t+1)²), 1/(2β)}, ρ_t = √(γ_t/β)"
    ),
    only=0.0,
    unproved=(
        "where ‖h − ∇f‖ ≤ Lρ_t‖∇f‖ is all that is used of the perturbation the statement is false:"
        " f = x²/2, h = (1 − ρ_t)x gives δ_3 = 0.193 > 0.167 from δ₀ = 1/2"
    ),
)
