"""PL, decreasing steps: rate 1/T to the solution, explicit at every t.

Oikonomou & Loizou (ICLR 2025), Theorem 3.5; constants re-derived (theory 4.4).  rho_t = min{1/(2t+1), rho_hat} and
gamma_t = min{(2t+1)/((t+1)^2 mu), gamma_hat} for an admissible pair (rho_hat, gamma_hat) of Theorem 3.2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..constants import Array, Constants
from ..schedules import Rule, Schedule
from . import unified_sam_3_2 as constant_steps
from .base import Plan, Step, Theorem
from .chain import nu
from .numbers import accumulated, decay, first_at_most, number
from .symbols import C, L, Lambda, a, lam, mu, rho
from .unified_sam_3_3 import gamma_simple, rho_simple

V = C * a**2 + lam**2
K1 = Lambda * V / mu + 4 * L / mu**2 * (C + 2 * (Lambda * rho) ** 2 * V)


def switch_time(x: float) -> int:
    """The first t with (2t+1)/(t+1)^2 <= x, for 0 < x <= 1."""
    t = max(0, math.ceil((1 + math.sqrt(1 - x)) / x) - 1)
    while t > 0 and (2 * t - 1) / t**2 <= x:
        t -= 1
    while (2 * t + 1) / (t + 1) ** 2 > x:
        t += 1
    return t


@dataclass(frozen=True, kw_only=True)
class DecreasingSteps(Theorem):
    """Constant steps up to the switch time, then gamma_t ~ 2/(mu t) and rho_t ~ 1/(2t)."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return constant_steps.theorem.admissible(constants, lam)

    def plan(
        self,
        constants: Constants,
        lam: Rule = 0.0,
        rho: Rule | None = None,
        gamma: Rule | None = None,
        epsilon: float | None = None,
        delta0: float | None = None,
        allow_outside: bool = False,
    ) -> Plan:
        self.choose(constants, lam, rho, gamma, allow_outside)
        values = {**constants.values(), "lam": float(lam)}  # type: ignore[arg-type]
        rho_hat = number(rho_simple, values) if rho is None else rho
        gamma_hat = min(number(gamma_simple, values), self.admissible(constants, lam)[1](rho_hat)) if gamma is None else gamma
        rho_hat, gamma_hat, rho_max, gamma_max = self.choose(constants, lam, rho_hat, gamma_hat, allow_outside)
        mu_ = values["mu"]
        schedule = Schedule(
            lambda t: min((2 * t + 1) / ((t + 1) ** 2 * mu_), gamma_hat), lambda t: min(1 / (2 * t + 1), rho_hat), lam
        )
        x = min(gamma_hat * mu_, 1.0)
        N = number(nu, values, rho=rho_hat, gamma=gamma_hat) / (gamma_hat * mu_)
        tail = number(K1, values, rho=rho_hat)
        t0 = switch_time(x)

        def bound(t: Any, start: float) -> Array:
            T = np.asarray(t, dtype=np.float64)
            early = decay(x, T) * start + N * accumulated(x, T)
            settled = decay(x, t0) * start + N * accumulated(x, t0)
            with np.errstate(divide="ignore", invalid="ignore"):
                late = (t0 / T) ** 2 * settled + (T - t0) / T**2 * tail
            return np.where((t0 >= T) | (T == 0), early, late)

        def iterations(target: float, start: float) -> int | None:
            """The smallest T from which on the bound, or its decreasing part max{...}/T after the switch, is at most epsilon."""
            at_switch = float(bound(t0, start))
            if at_switch <= target and N <= target:
                return first_at_most(lambda T: float(bound(T, start)), target)
            peak = max(t0, 1, math.ceil(2 * t0 - 2 * t0**2 * at_switch / tail) if tail > 0 else 0)
            return first_at_most(lambda T: float(bound(T, start)), target, start=peak)

        def step(t: int) -> Step:
            gamma_t, rho_t, _ = schedule.at(t)
            return max(0.0, 1 - gamma_t * mu_), 0.0, number(nu, values, rho=rho_t, gamma=gamma_t)

        return Plan(self, schedule, bound, iterations, step, rho_hat, gamma_hat, rho_max, gamma_max)


theorem = DecreasingSteps(
    key="unified-sam/3.5",
    title="PL, decreasing steps: rate 1/T to the solution",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Theorem 3.5 (constants re-derived)",
    status="paper",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    statement="E f(x_T) − f* ≤ (t₀/T)² δ̄ + (T − t₀) K₁/T² for T ≥ t₀; as 3.2 with (ρ̂, γ̂) before",
)
