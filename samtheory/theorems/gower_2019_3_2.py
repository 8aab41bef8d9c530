"""Strongly convex, SGD (rho = 0), decreasing steps: Gower et al. (ICML 2019), Theorem 3.2.

gamma_t = 1/(2 Lcal) for t < t* = 4 ceil(Lcal/mu), then (2t+1)/((t+1)^2 mu).  Their rule takes the large step at t* too,
after which the one-step inequality adds up to more than the stated bound for some constants.
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

from . import gower_2019_3_1 as constant_steps
from .base import Theorem
from .numbers import number, unrolled
from .plan import Plan, closed_plan
from .rollout import OneStep


@dataclass(frozen=True, kw_only=True)
class SwitchingSGD(Theorem):
    """Theorem 3.1 up to t*, then 1/t; the statement fixes the steps."""

    closed: bool = True
    only: Rule | None = 0.0
    lyapunov: str = "distance2"

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return constant_steps.theorem.admissible(constants, lam)

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return constant_steps.theorem.inequality

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        chosen = self.choose(constants, request.but(gamma=None))
        first = chosen.gamma
        if request.gamma is not None and request.gamma != first:
            raise NotApplicable(f"{self.key}: gamma={request.gamma}: the statement fixes gamma_t, from {first:.6g} on")
        values = constants.values()
        mu, sigma2 = values["mu"], values["sigma2"]
        K = math.ceil(values["Lcal"] / mu)
        turn = 4 * K
        x, noise = first * mu, number(constant_steps.theorem.noise, values, gamma=first)

        def bound(t: Any, start: float) -> Array:
            T = np.asarray(t, dtype=np.float64)
            early = unrolled(x, noise, T, start)
            with np.errstate(divide="ignore", invalid="ignore"):
                late = 8 * sigma2 / mu**2 / T + (turn / (math.e * T)) ** 2 * start
            return np.where(turn > T, early, late)

        schedule = Schedule(lambda t: first if t < turn else (2 * t + 1) / ((t + 1) ** 2 * mu), chosen.rho, request.lam)
        return closed_plan(self, constants, schedule, chosen, bound, lambda start: (0, turn - 1, turn))


theorem = SwitchingSGD(
    key="gower-2019/3.2",
    title="strongly convex, SGD, decreasing steps: the distance to the solution falls like 1/t",
    source="Gower, Loizou, Qian, Sailanbayev, Shulgin & Richtárik, ICML 2019, Theorem 3.2",
    status="paper",
    assumptions=constant_steps.theorem.assumptions,
    measure="distance2",
    sees="nothing",
    statement="E‖x_t − x*‖² ≤ 8σ*²/(μ²t) + 16⌈ℒ/μ⌉²R₀²/(e²t²) for t ≥ 4⌈ℒ/μ⌉, ρ = 0",
)
