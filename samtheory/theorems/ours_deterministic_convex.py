"""Convex and PL, full batch, any rho_t, gamma_t, lam_t: the worst case of each step.

With g = ||grad f(x)|| and b = L rho (a g + lam), which is at least ||grad f(y) - grad f(x)||, for every rho and gamma

    f(x+) <= f(x) - min {gamma g^2 (1 - L gamma/2), gamma g (g + b) - (L gamma^2/2) (g + b)^2}.

Proof: with h = grad f(y), cocoercivity gives ||h - grad f||^2 <= (b/g) <grad f, h - grad f>, which is in [0, g b]; the
descent lemma is then affine in <grad f, h - grad f>, hence worst at an end.

As 2 mu delta <= g^2, the next gap is at most the largest value over delta <= D, a maximum of two parabolas in g.
The limit, max {L gamma^2 c^2/2, (L gamma c/(2 - L gamma u))^2/(2 mu)} with u = 1 + a L rho, c = lam L rho, is of order
rho^2 gamma^2.
"""

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sympy as sp

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Schedule

from . import unified_sam_3_4
from .forms.followed import Followed, Parameters
from .forms.tight import TightRollout, default_steps
from .numbers import number
from .plan import Plan
from .rollout import OneStep
from .symbols import L, a, gamma, lam, largest, mu, rho

u, c = 1 + a * L * rho, lam * L * rho
limit = largest(L * gamma**2 * c**2 / 2, (L * gamma * c / (2 - L * gamma * u)) ** 2 / (2 * mu))


Parabola = tuple[Any, Any, Any]


@lru_cache(maxsize=16)
def parabolas(L: Any, gamma: Any, rho: Any, lam: Any) -> tuple[Parabola, Parabola]:
    """f(x+) - f(x) as coefficients of g^2, g and 1, at either end: the second where ||h - grad f|| = b."""
    u, c = 1 + (1 - lam) * L * rho, lam * L * rho
    return (-gamma * (1 - L * gamma / 2), 0, 0), (
        -gamma * u * (1 - L * gamma * u / 2),
        -gamma * c * (1 - L * gamma * u),
        L * gamma**2 * c**2 / 2,
    )


ends = parabolas(L, gamma, rho, lam)


def worst(D: float, mu: float, L: float, gamma: float, rho: float, lam: float) -> float:
    """The largest f(x+) - f* where f(x) - f* <= D."""
    low, high = math.sqrt(2 * mu * D), math.sqrt(2 * L * D)
    found = 0.0
    for square, linear, constant in parabolas(L, gamma, rho, lam):
        top = min(-linear / (2 * square), high) if square < 0 else high
        g = top if top > low and (square * (top + low) + linear) > 0 else low
        # At delta < D the gap is g^2/(2 mu) at most, and what remains is convex in g: g = 0 is the other end.
        found = max(found, constant, D + (square * g + linear) * g + constant)
    return found


class WorstCase(Followed):
    """D_0 >= delta_0, D_1, ... by `worst`."""

    def __init__(self, values: dict[str, float], schedule: Schedule, start: float) -> None:
        super().__init__(schedule, start)
        self.mu, self.L = values["mu"], values["L"]

    def after(self, parameters: Parameters, D: float) -> float:
        return worst(D, self.mu, self.L, *parameters)

    def extend(self, stop: int) -> None:
        parameters = (array.tolist() for array in self.schedule.arrays(len(self.D) - 1, stop))
        for each in zip(*parameters, strict=True):
            self.D.append(self.after(each, self.D[-1]))


@dataclass(frozen=True, kw_only=True)
class ConvexWorstCase(TightRollout):
    """The recursion of `worst`."""

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return tuple(OneStep(sp.Integer(0), square, constant, linear) for square, linear, constant in ends)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        schedule, values = default_steps(self.default_steps, constants, request), constants.values()
        gamma0, rho0, lam0 = schedule.at(0)

        @cache
        def curve(start: float) -> WorstCase:
            return WorstCase(values, schedule, start)

        steady = schedule.constant and values["L"] * gamma0 * (1 + (1 - lam0) * values["L"] * rho0) < 2
        N = number(limit, values, rho=rho0, gamma=gamma0, lam=lam0) if steady else None

        def iterations(target: float, start: float) -> int | None:
            if N is not None and (target < N or target == N < start):
                return None
            return curve(start).settled(target)

        return Plan(
            theorem=self,
            constants=constants,
            schedule=schedule,
            bound=lambda t, start: curve(start).at(t),
            iterations=iterations,
            reached=lambda target, start: curve(start).reached(target),
            rho=rho0,
            gamma=gamma0,
            rho_max=math.inf,
            gamma_max=math.inf,
            neighbourhood=N,
        )


theorem = ConvexWorstCase(
    key="ours/deterministic-convex",
    title="convex, PL, full batch, any steps and any schedule of lam, the worst case of each step",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex", "full-batch"),
    measure="gap",
    statement="δ_{t+1} ≤ max {δ − min{γg²(1 − Lγ/2), γg(g + b) − (Lγ²/2)(g + b)²}}, g = ‖∇f‖, b = Lρ((1 − λ)g + λ)",
    kappas=(),
    default_steps=unified_sam_3_4.theorem,
)
