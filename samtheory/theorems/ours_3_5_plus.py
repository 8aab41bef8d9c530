"""PL, decreasing steps with rho_t ~ 1/sqrt(t): rate 1/T to the solution.

gamma_t = min{gamma_hat, (2t+1)/((t+1)^2 mu)} and rho_t = rho_hat/sqrt(2t+1).  Theorem 3.2+ holds at every t with the
same theta and q, for which loss <= 1/2 at rho_hat and gamma_hat, and (t+1)^2 gamma_t rho_t^2 <= rho_hat^2/mu,
(t+1)^2 gamma_t^2 <= 4/mu^2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, parameter

from . import ours_3_2_plus as constant_steps
from .base import Theorem
from .forms.decreasing import guarantee, settled_at, step_size
from .numbers import number
from .ours_3_2_plus import TINY, bent, curved, drift, least_loss, noise
from .plan import Plan, closed_plan
from .rollout import OneStep
from .symbols import C, gamma, k, mu, theta
from .unified_sam_3_3 import gamma_simple, rho_simple


def split(values: dict[str, float]) -> dict[str, float]:
    """theta and q that use the room up to loss = 1/2, q at most what is best for the noise; tiny where a term is 0."""
    loss, drift_, bent_, curved_, k_, C_ = (number(each, values) for each in (least_loss, drift, bent, curved, k, C))
    room = max(0.5 - loss, 1e-12)
    q = min(room / (2 * curved_ * k_), math.sqrt(bent_ / (curved_ * C_)) if C_ else math.inf) if bent_ else 0.0
    return {"theta": max(2 * (room - curved_ * k_ * q), TINY) if drift_ else TINY, "q": max(q, TINY)}


@dataclass(frozen=True, kw_only=True)
class DecreasingPlus(Theorem):
    """Theorem 3.2+ at every t; the caps are by default those of Theorem 3.5."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return constant_steps.theorem.admissible(constants, lam)

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(-gamma * mu, 0, gamma * noise),)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = constants.values(lam=parameter("lam", request.lam))
        if request.rho is None:
            request = request.but(rho=number(rho_simple, values))
        if request.gamma is None:
            largest = self.choose(constants, request).gamma
            request = request.but(gamma=min(number(gamma_simple, values), largest / 2))
        chosen = self.choose(constants, request)
        mu_, rho_hat, gamma_hat = values["mu"], chosen.rho, chosen.gamma
        caps = {**values, "rho": rho_hat, "gamma": gamma_hat}
        caps |= split(caps)
        schedule = Schedule(step_size(mu_, gamma_hat), lambda t: rho_hat / math.sqrt(2 * t + 1), values["lam"])
        # noise = drift/theta + gamma (...): (t+1)^2 gamma_t noise_t is at most both at once.
        noise_hat, pull = number(noise, caps), number(drift / theta, caps)
        tail = pull / mu_ + 4 * (noise_hat - pull) / (gamma_hat * mu_**2)
        t0 = float(settled_at(mu_, gamma_hat))
        bound, turns = guarantee(min(gamma_hat * mu_, 1.0), gamma_hat * noise_hat, tail, t0)
        free = {name: np.full((1, 1), caps[name]) for name in ("theta", "q")}
        return closed_plan(self, constants, schedule, chosen, bound, turns, free=lambda start, begin, stop: free)


theorem = DecreasingPlus(
    key="ours/3.5+",
    title="PL, decreasing steps, ρ_t only like 1/√t: rate 1/T to the solution",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="mean",
    statement="E f(x_T) − f* ≤ (t₀/T)² δ̄ + (T − t₀) K/T² for T ≥ t₀; as ours/3.2+ with (ρ̂, γ̂) before",
)
