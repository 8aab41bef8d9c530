"""PL, SGD (rho = 0), decreasing steps: Gower, Sebbouh & Loizou (AISTATS 2021), their rule (bound re-derived).

gamma_t = min{gamma_hat, (2t+1)/((t+1)^2 mu)} for a gamma_hat that Theorem 4.6 allows.  With
t* = ceil(2/(mu gamma_hat)), E delta_t <= t*^2 delta0/(e^2 t^2) + 4 L sigma2/(mu^2 t) for t >= t*.  Before that, where
nothing is stated, the bound is what the one-step inequality adds up to.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from . import gower_2021_4_6 as constant_steps
from .base import Theorem
from .forms.decreasing import guarantee, settled_at, step_size
from .numbers import number
from .plan import Plan, closed_plan
from .rollout import OneStep


@dataclass(frozen=True, kw_only=True)
class DecreasingSGD(Theorem):
    """Theorem 4.6 up to t*, then 1/t."""

    closed: bool = True
    only: Rule | None = 0.0

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return constant_steps.theorem.admissible(constants, lam)

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return constant_steps.theorem.inequality

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        chosen = self.choose(constants, request)
        values = constants.values()
        mu, gamma_hat = values["mu"], chosen.gamma
        turn = math.ceil(2 / (mu * gamma_hat))
        tail = 4 * values["L"] * values["sigma2"] / mu**2
        noise = number(constant_steps.theorem.noise, values, gamma=gamma_hat)
        before, turns = guarantee(gamma_hat * mu, noise, tail, settled_at(mu, gamma_hat))

        def bound(t: Any, start: float) -> Array:
            T = np.asarray(t, dtype=np.float64)
            with np.errstate(divide="ignore", invalid="ignore"):
                stated = (turn / (math.e * T)) ** 2 * start + tail / T
            return np.where(turn > T, before(T, start), stated)

        def all_turns(start: float) -> tuple[int, ...]:
            return (*(t for t in turns(start) if t < turn - 1), turn - 1, turn)

        schedule = Schedule(step_size(mu, gamma_hat), chosen.rho, request.lam)
        return closed_plan(self, constants, schedule, chosen, bound, all_turns)


theorem = DecreasingSGD(
    key="gower-2021/decreasing",
    title="PL, SGD, decreasing steps: rate 1/t to the solution",
    source="Gower, Sebbouh & Loizou, AISTATS 2021, decreasing steps (bound re-derived)",
    status="paper",
    assumptions=constant_steps.theorem.assumptions,
    measure="gap",
    sees="nothing",
    statement="E δ_t ≤ t*²δ₀/(e²t²) + 4Lσ*²/(μ²t) for t ≥ t* = ⌈2/(μγ̂)⌉, ρ = 0",
)
