"""General smooth non-convex, any rho_t, gamma_t, lam_t: the smallest expected squared gradient norm.

A member of the family below the master inequality (`family`) is E delta+ <= (1 + growth) delta - s ||grad f||^2 + r,
where s may have any sign.  As ||grad f||^2 <= 2 L delta, with s+ = max {s, 0}, s- = max {-s, 0} and the weights
w_t = prod_{j <= t} 1/(1 + growth_j + 2 L s_j-), w_{-1} = 1, it telescopes (`rollout`) to

    min over t < T of E||grad f(x_t)||^2 <= (delta0 + R_T')/S_T'                   for every 1 <= T' <= T,
    min over t < T of E||grad f(x_t)||^2 <= (delta0 + R_t)/(S_t + w_{t-1}/(2 L))   for every 0 <= t < T,

S_t = sum_{j<t} w_j s_j+, R_t = sum_{j<t} w_j r_j; at t = 0 the second is 2 L delta0.  The members are those that are
best at delta = delta0 and ||grad f||^2 = g, for g from 2 L delta0 down over twelve decades, and the paper's: no bound
is above that of Theorem 3.7 at the same steps.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from . import unified_sam_3_7 as paper
from .base import Theorem
from .forms.family import Grounds
from .forms.tight import YOUNG, any_member
from .master import master
from .numbers import LONGEST as FOREVER
from .numbers import evaluate, first_at_most
from .ours_tight import lemma_5_1
from .plan import Plan
from .rollout import OneStep, minima, wedge

#: The g of the members, in units of 2 L delta0.
GRID = 10.0 ** np.linspace(0, -12, 49)
#: Parameters that change with t are followed for this many steps.
LONGEST = 20_000


class Members:
    """The members that are tried on the bound from `start`."""

    def __init__(self, constants: Constants, schedule: Schedule, start: float) -> None:
        self.values, self.schedule = constants.values(), schedule
        g = 2 * self.values["L"] * start * GRID + 1e-200
        M = Grounds.of(constants).M(start, g) + 1e-200
        self.b = np.sqrt(M / g), 1 / np.sqrt(g), 1 / np.sqrt(M)

    def free(self, begin: int, stop: int) -> dict[str, Array]:
        """Their b1, b2 and b3, of shape (members, stop - begin); the last member is the paper's."""
        gamma, rho, lam = self.schedule.arrays(begin, stop)
        now = {**self.values, "gamma": gamma, "rho": rho, "lam": lam}
        with np.errstate(divide="ignore", invalid="ignore"):
            chain = [np.broadcast_to(evaluate(each, now), gamma.shape) for each in lemma_5_1]
        # Where the term of an entry vanishes it may be 0/0 or infinite: any number will do there.
        chain = [np.where((each > 0) & np.isfinite(each), each, 1.0) for each in chain]
        wide = (len(GRID), len(gamma))
        found = [np.vstack([np.broadcast_to(b[:, None], wide), each]) for b, each in zip(self.b, chain, strict=True)]
        return dict(zip(YOUNG, found, strict=True))


def steady(one: OneStep, high: float, T: Array, start: float) -> Array:
    """The smallest bound of all members with constant steps at times T >= 1; the parts of `one` of shape (members,).

    Both families of `rollout.minima` are monotone in their time: the first ends at T, the second at T - 1 or at 0.
    """
    growth, q, r = (part.reshape(-1, *[1] * T.ndim) for part in one[:3])
    f, s, before = growth + high * np.maximum(q, 0.0), np.maximum(-q, 0.0), np.maximum(T - 1, 0.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = np.log1p(f)
        W, V = (np.where(f > 0, -np.expm1(-t * rate) / f, t) for t in (T, before))
        last = np.where(s * W > 0, (start + r * W) / (s * W), np.inf)
        kept = (start + r * V) / (s * V + np.exp(-before * rate) / high)
    return np.asarray(np.minimum(np.minimum(last, kept), high * start).min(axis=0))


@dataclass(frozen=True, kw_only=True)
class TightNonConvex(Theorem):
    """The best of many members at each T; the steps are by default those of Theorem 3.7."""

    varying_lam: bool = True

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return math.inf, lambda rho: math.inf

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        """A member, for any b1, b2, b3 > 0."""
        return any_member(master)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        limit, largest = paper.theorem.limits(constants, request.lam)
        rho = limit / 2 if request.rho is None else request.rho
        gamma = largest(limit / 2) if request.gamma is None else request.gamma
        schedule = Schedule(gamma, rho, request.lam)
        high = 2 * float(constants.L)

        @cache
        def members(start: float) -> Members:
            return Members(constants, schedule, start)

        @cache
        def first_step(start: float) -> OneStep:
            return OneStep(*(part[0, :, 0] for part in plan.inequality(start, 0, 1)))

        def bound(t: Any, start: float) -> Array:
            T = np.asarray(t, dtype=np.float64)
            if not schedule.constant:
                one = plan.inequality(start, 0, max(int(T.max()), 1))
                return minima(one, wedge(plan), start)[T.astype(np.intp)]
            return np.where(T > 0, steady(first_step(start), high, T, start), np.inf)

        def iterations(epsilon: float, start: float) -> int | None:
            goal = self.goal(epsilon)
            if schedule.constant:
                reachable = bound(float(FOREVER), start) <= goal
                return first_at_most(lambda T: bound(T, start), goal, start=1) if reachable else None
            found = np.flatnonzero(bound(np.arange(LONGEST), start) <= goal)
            return int(found[0]) if len(found) else None

        gamma0, rho0, _ = schedule.at(0)
        plan = Plan(
            theorem=self, constants=constants, schedule=schedule, bound=bound,
            iterations=iterations, reached=iterations,  # the bound never rises
            rho=rho0, gamma=gamma0, rho_max=math.inf, gamma_max=math.inf, start=1,
            free=lambda start, begin, stop: members(start).free(begin, stop),
            delta0=1.0 if delta0 is None else delta0,
        )  # fmt: skip
        return plan


theorem = TightNonConvex(
    key="ours/non-convex",
    title="non-convex, any steps and any schedule of lam: smallest expected gradient norm, the best of the family",
    source="this project",
    status="ours",
    assumptions=("smooth", "ER"),
    measure="min_grad2",
    sees="mean",
    statement="min_{t<T} E‖∇f(x_t)‖² ≤ (δ₀ + Σ_{j<t} w_j r_j)/(Σ_{j<t} w_j s_j⁺ + w_{t−1}/(2L)), t < T, of any member",
)
