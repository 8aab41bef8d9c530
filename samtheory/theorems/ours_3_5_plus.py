"""PL, decreasing steps with rho_t ~ 1/sqrt(t): rate 1/T to the solution.

gamma_t = min{gamma_hat, (2t+1)/((t+1)^2 mu)} and rho_t = rho_hat/sqrt(2t+1).  Theorem 3.2+ holds at every t with the
same theta and q, for which loss <= 1/2 at rho_hat and gamma_hat, and (t+1)^2 gamma_t rho_t^2 <= rho_hat^2/mu,
(t+1)^2 gamma_t^2 <= 4/mu^2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, parameter

from . import ours_3_2_plus as constant_steps
from .base import Plan, Theorem
from .forms.decreasing import guarantee, settled_at, step_size
from .numbers import number
from .ours_3_2_plus import bent, chosen, curved, drift, least_loss
from .symbols import C, k
from .unified_sam_3_3 import gamma_simple, rho_simple


def split(values: dict[str, float]) -> tuple[float, float]:
    """theta and q that use the room up to loss = 1/2, q at most what is best for the noise; 0 where a term is 0."""
    loss, drift_, bent_, curved_, k_, C_ = (number(each, values) for each in (least_loss, drift, bent, curved, k, C))
    room = max(0.5 - loss, 1e-12)
    q = min(room / (2 * curved_ * k_), math.sqrt(bent_ / (curved_ * C_)) if C_ else math.inf) if bent_ else 0.0
    return 2 * (room - curved_ * k_ * q) if drift_ else 0.0, q


@dataclass(frozen=True, kw_only=True)
class DecreasingPlus(Theorem):
    """Theorem 3.2+ at every t; the caps are by default those of Theorem 3.5."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return constant_steps.theorem.admissible(constants, lam)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = constants.values(lam=parameter("lam", request.lam))
        if request.rho is None:
            request = request.but(rho=number(rho_simple, values))
        if request.gamma is None:
            largest = self.choose(constants, request).gamma
            request = request.but(gamma=min(number(gamma_simple, values), largest / 2))
        rho_hat, gamma_hat, rho_max, gamma_max = self.choose(constants, request)
        caps = {**values, "rho": rho_hat, "gamma": gamma_hat}
        theta, q = split(caps)
        mu_, t0 = values["mu"], float(settled_at(values["mu"], gamma_hat))
        falls = step_size(mu_, gamma_hat)
        schedule = Schedule(falls, lambda t: rho_hat / math.sqrt(2 * t + 1), values["lam"])

        def noise(gamma: float, rho: float) -> float:
            return gamma * chosen({**values, "gamma": gamma, "rho": rho}, theta, q).noise

        # noise = gamma drift/theta + gamma^2 (...): (t+1)^2 noise_t is at most both at once.
        pull = number(drift, caps) / theta if theta else 0.0
        tail = pull / mu_ + 4 * (noise(gamma_hat, rho_hat) / gamma_hat - pull) / (gamma_hat * mu_**2)
        bound, iterations = guarantee(min(gamma_hat * mu_, 1.0), noise(gamma_hat, rho_hat), tail, t0)

        @cache
        def step(t: int) -> tuple[float, float, float]:
            gamma_t, rho_t, _ = schedule.at(t)
            return max(0.0, 1 - gamma_t * mu_), 0.0, noise(gamma_t, rho_t)

        return Plan(self, schedule, bound, iterations, step, rho_hat, gamma_hat, rho_max, gamma_max)


theorem = DecreasingPlus(
    key="ours/3.5+",
    title="PL, decreasing steps, ρ_t only like 1/√t: rate 1/T to the solution",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    statement="E f(x_T) − f* ≤ (t₀/T)² δ̄ + (T − t₀) K/T² for T ≥ t₀; as ours/3.2+ with (ρ̂, γ̂) before",
)
