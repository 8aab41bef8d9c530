"""PL, any biased step, decreasing steps: 1/t to a neighbourhood that the bias alone makes.

gamma_t = 2/(mu b (s + t)) with gamma_0 <= b/(L k).  Then delta_t - c/(mu b) follows the recursion of the unbiased case,
of Theorem 4.7 of Bottou, Curtis, Nocedal (2018): by induction at most nu/(s + t).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from .base import Theorem
from .numbers import number, reached, settled
from .ours_biased import theorem as constant_steps
from .plan import Plan
from .rollout import OneStep
from .symbols import C_h, L, b, c, mu

tail = 2 * L * C_h / (mu * b) ** 2
limit = c / (mu * b)


@dataclass(frozen=True, kw_only=True)
class Decreasing(Theorem):
    """E delta_t <= max {s delta_0, tail}/(s + t) + limit; by default gamma_0 is the largest constant step."""

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return constant_steps.inequality

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return constant_steps.admissible(constants, lam)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        chosen = self.choose(constants, request.but(rho=request.rho or 0.0))
        values, first = constants.values(), chosen.gamma
        pace = values["mu"] * values["b"]
        s = 2 / (pace * first)
        most, left = (number(each, values) for each in (tail, limit))

        def bound(t: Any, start: float) -> Array:
            return np.asarray(max(s * start, most) / (s + np.asarray(t, dtype=np.float64)) + left)

        return Plan(
            theorem=self, constants=constants, bound=bound,
            schedule=Schedule(lambda t: min(first, 2 / (pace * (s + t))), chosen.rho, request.lam),
            iterations=lambda epsilon, start: settled(lambda t: bound(t, start), epsilon, (0,), left),
            reached=lambda epsilon, start: reached(lambda t: bound(t, start), epsilon, (0,)),
            **chosen._asdict(),
        )  # fmt: skip


theorem = Decreasing(
    key="ours/biased-decreasing",
    title="PL, any biased step, decreasing steps: 1/t to the neighbourhood of the bias",
    source="this project",
    status="ours",
    assumptions=constant_steps.assumptions,
    measure="gap",
    sees="mean",
    statement=(
        "E δ_t ≤ max {sδ₀, 2LC′/(μb)²}/(s + t) + c/(μb) for γ_t = 2/(μb(s + t)), s = 2/(μbγ), γ ≤ b/(Lk), k = B′ + A′/μ"
    ),
)
