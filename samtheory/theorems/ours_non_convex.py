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
from .base import Plan, Step, Theorem
from .forms.family import Grounds, Young, member
from .master import master
from .numbers import LONGEST as FOREVER
from .numbers import decay, evaluate, first_at_most, summed
from .ours_tight import lemma_5_1
from .rollout import minima

#: The g of the members, in units of 2 L delta0.
GRID = 10.0 ** np.linspace(0, -12, 49)
#: Parameters that change with t are followed for this many steps.
LONGEST = 20_000
#: The member shown for one step is the best at this horizon.
HORIZON = 1000


class Members:
    """A column of members at work: (growth, s, r) over time."""

    def __init__(self, constants: Constants, schedule: Schedule, start: float) -> None:
        self.values, self.grounds, self.schedule = constants.values(), Grounds.of(constants), schedule
        self.high = 2 * self.grounds.L
        g = self.high * start * GRID[:, None] + 1e-200
        M = self.grounds.M(start, g) + 1e-200
        self.b: Young = np.sqrt(M / g), 1 / np.sqrt(g), 1 / np.sqrt(M)

    def parts(self, begin: int, stop: int) -> tuple[Array, Array, Array]:
        """(growth, s, r) of shape (members, stop - begin)."""
        gamma, rho, lam = self.schedule.arrays(begin, stop)
        now = {**self.values, "gamma": gamma, "rho": rho, "lam": lam}
        kappa = [np.broadcast_to(evaluate(each, now), gamma.shape) for each in master]
        with np.errstate(divide="ignore", invalid="ignore"):
            usual = np.array([np.broadcast_to(evaluate(each, now), gamma.shape) for each in lemma_5_1])
        usual = np.where((usual > 0) & np.isfinite(usual), usual, 1.0)
        wide = (len(GRID), len(gamma))
        b = [np.vstack([np.broadcast_to(mine, wide), own]) for mine, own in zip(self.b, usual, strict=True)]
        growth, q, r = member(kappa, self.grounds, b)
        return growth, -q, r

    def bound(self, T: Array, start: float) -> Array:
        """The smallest bound of all members at times T of shape (K,); inf at 0."""
        growth, s, r = self.parts(0, 1 if self.schedule.constant else max(int(T.max()), 1))
        if not self.schedule.constant:
            return minima(1 + growth[None], -s[None], r[None], (0.0, self.high), start)[T.astype(np.intp)]
        members = zip(growth[:, 0], s[:, 0], r[:, 0], strict=True)
        found = [steady(each, self.high, T, start) for each in members]
        return np.where(T > 0, np.min(found, axis=0), np.inf)

    def best(self, start: float) -> int:
        """The member with the smallest bound at `HORIZON`, by the parameters of t = 0."""
        growth, s, r = (part[:, 0] for part in self.parts(0, 1))
        W = np.array([float(-summed(-each, -HORIZON)) for each in growth])
        return int(np.argmin(np.where(s > 0, (start / W + r) / np.where(s > 0, s, 1.0), np.inf)))


def steady(member: tuple[float, float, float], high: float, T: Array, start: float) -> Array:
    """The bound of one member with constant steps at times T >= 1.

    Both families of `rollout.minima` are monotone in their time: the first ends at T, the second at T - 1 or at 0.
    """
    growth, s, r = member
    f, s, before = growth + high * max(-s, 0.0), max(s, 0.0), np.maximum(T - 1, 0.0)
    W, V, w = -summed(-f, -T), -summed(-f, -before), decay(-f, -before)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        last = np.where(s * W > 0, (start + r * W) / (s * W), np.inf)
        return np.minimum(np.minimum(last, (start + r * V) / (s * V + w / high)), high * start)


@dataclass(frozen=True, kw_only=True)
class TightNonConvex(Theorem):
    """The best of many members at each T; the steps are by default those of Theorem 3.7."""

    varying_lam: bool = True

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return math.inf, lambda rho: math.inf

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        limit, largest = paper.theorem.limits(constants, request.lam)
        rho = limit / 2 if request.rho is None else request.rho
        gamma = largest(limit / 2) if request.gamma is None else request.gamma
        schedule = Schedule(gamma, rho, request.lam)
        members: dict[float, Members] = {}

        def of(start: float) -> Members:
            if start not in members:
                members[start] = Members(constants, schedule, start)
            return members[start]

        def bound(t: Any, start: float) -> Array:
            T = np.asarray(t, dtype=np.float64)
            return of(start).bound(np.atleast_1d(T), start).reshape(T.shape)

        def iterations(target: float, start: float) -> int | None:
            if schedule.constant:
                reachable = bound(float(FOREVER), start) <= target**2
                return first_at_most(lambda T: bound(T, start), target**2, start=1) if reachable else None
            reached = np.flatnonzero(bound(np.arange(1, LONGEST), start) <= target**2)
            return int(reached[0]) + 1 if len(reached) else None

        @cache
        def step(t: int) -> Step:
            own = of(1.0 if delta0 is None else delta0)
            chosen = own.best(1.0 if delta0 is None else delta0)
            growth, s, r = (float(part[chosen, 0]) for part in own.parts(t, t + 1))
            return 1 + growth, -s, r

        gamma0, rho0, _ = schedule.at(0)
        return Plan(self, schedule, bound, iterations, step, rho0, gamma0, math.inf, math.inf, start=1)


theorem = TightNonConvex(
    key="ours/non-convex",
    title="non-convex, any steps and any schedule of lam: smallest expected gradient norm, the best of the family",
    source="this project",
    status="ours",
    assumptions=("smooth", "ER"),
    measure="min_grad2",
    statement="min_{t<T} E‖∇f(x_t)‖² ≤ (δ₀ + Σ_{j<t} w_j r_j)/(Σ_{j<t} w_j s_j⁺ + w_{t−1}/(2L)), t < T, of any member",
)
