"""General smooth non-convex, any rho_t, gamma_t, lam_t: the smallest expected squared gradient norm.

A member of the family below the master inequality (`family`) is E delta+ <= (1 + growth) delta - s ||grad f||^2 + r.
With the weights w_t = prod_{j <= t} 1/(1 + growth_j) it telescopes to

    min over t < T of E||grad f(x_t)||^2 <= (delta0 + sum w_t r_t)/(sum w_t s_t),

and it is at most 2 L delta0 in any case.  The members are those that are best at delta = delta0 and
||grad f||^2 = g, for g from 2 L delta0 down over twelve decades, and the paper's: no bound is above
that of Theorem 3.7 at the same steps.
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
from .numbers import evaluate, first_at_most, summed
from .ours_tight import lemma_5_1

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
        self.trivial = 2 * self.grounds.L * start
        g = self.trivial * GRID[:, None] + 1e-200
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
        """The smallest bound of all members at times T of shape (K,)."""
        if self.schedule.constant:
            growth, s, r = (part[:, 0] for part in self.parts(0, 1))
            with np.errstate(divide="ignore", invalid="ignore"):
                W = np.array([-summed(-each, -T) for each in growth])
                found = (start / W + r[:, None]) / s[:, None]
            good = np.broadcast_to(s[:, None] > 0, found.shape)
        else:
            growth, s, r = self.parts(0, int(T.max()))
            w = np.exp(-np.cumsum(np.log1p(growth), axis=1))
            below = np.cumsum(w * s, axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                found = ((start + np.cumsum(w * r, axis=1)) / below)[:, T.astype(np.intp) - 1]
            good = below[:, T.astype(np.intp) - 1] > 0
        return np.asarray(np.minimum(np.where(good, found, np.inf).min(axis=0), self.trivial))

    def best(self, start: float) -> int:
        """The member with the smallest bound at `HORIZON`, by the parameters of t = 0."""
        growth, s, r = (part[:, 0] for part in self.parts(0, 1))
        W = np.array([float(-summed(-each, -HORIZON)) for each in growth])
        return int(np.argmin(np.where(s > 0, (start / W + r) / np.where(s > 0, s, 1.0), np.inf)))


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
    statement="min_{t<T} E‖∇f(x_t)‖² ≤ (δ₀ + Σ w_t r_t)/(Σ w_t s_t), w_t = Π_{j≤t} 1/(1 + growth_j), least over b",
)
