"""Bounds on E V_t that are followed step after step along a schedule."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import cache
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import reject
from samtheory.schedules import Schedule

from ..base import Theorem
from ..plan import Chosen, Plan
from ..rollout import after, values, wedge

#: Parameters that change with t are followed for this many steps, in as many as these at a time.
LONGEST = 10**6
LENGTHS = (1000, 10_000, 100_000, LONGEST)
#: A bound counts as staying below a target if it stays below by this much, relatively: a bound that is followed in
#: blocks is not the best one at every step.
MARGIN = 1e-4
#: Far from the minimum: what is added in a step does not count there.
FAR = 1e50

Parameters = tuple[float, float, float]


class Followed(ABC):
    """D_0 >= E V_0, D_1, ..., one after another, as far as is asked for."""

    def __init__(self, schedule: Schedule, start: float) -> None:
        self.schedule, self.D = schedule, [start]

    @abstractmethod
    def extend(self, stop: int) -> None:
        """Append to D up to D[stop]; no parameter of t >= stop may be looked at."""

    @abstractmethod
    def after(self, parameters: Parameters, D: float) -> float:
        """The bound on E V+ from E V <= D with these (gamma, rho, lam): nondecreasing in D, convex in each of them."""

    def least(self, parameters: Parameters, D: float) -> float:
        """The smallest bound of this kind: that of `after`, or below it."""
        return self.after(parameters, D)

    def at(self, times: Any) -> Array:
        """The bound at `times`, of any shape."""
        times = np.asarray(times)
        if times.max() > LONGEST:
            raise reject("t", times.max(), f"at most {LONGEST} where the parameters change with t")
        if times.max() >= len(self.D):
            self.extend(int(times.max()))
        return np.asarray(np.array(self.D)[times.astype(np.intp)])

    def reached(self, target: float) -> int | None:
        """The first t at which the bound is at most the target; None if there is none up to `LONGEST`."""
        for length in LENGTHS:
            found = np.flatnonzero(self.at(np.arange(length + 1)) <= target)
            if len(found):
                return int(found[0])
            if self.hopeless(target, length):
                break
        return None

    def settled(self, target: float) -> int | None:
        """The first t from which on the bound is at most the target; None if none is certain by `LONGEST`."""
        if self.schedule.corners(0) is None:
            return None
        for length in LENGTHS:
            above = np.flatnonzero(self.at(np.arange(length + 1)) > target)
            last = int(above[-1]) if len(above) else -1
            if last < length and self.stays(target, length):
                return last + 1
            if self.hopeless(target, length):
                break
        return None

    def stays(self, target: float, t: int) -> bool:
        """Whether the bound is at most the target at every later time, from D_t on.

        No step leads above it if none does with the parameters at the corners of the box of all later ones.
        """
        corners, inside = self.schedule.corners(t), target * (1 - MARGIN)
        if corners is None or self.D[t] > inside:
            return False
        return all(self.after(corner, inside) <= inside for corner in corners)

    def hopeless(self, target: float, t: int) -> bool:
        """Whether every later step leads above the target, or too few steps are left even without any noise."""
        corners = self.schedule.corners(t)
        if corners is None:
            return False
        rate = min(self.least(corner, FAR) / FAR for corner in corners)
        slow = self.D[t] > target and rate > 0 and math.log(self.D[t] / target) + LONGEST * math.log(rate) > 0
        return slow or all(self.least(corner, target) > target for corner in corners)


class RolledOut(Followed):
    """The roll-out of an inequality without free symbols."""

    def __init__(self, plan: Plan, start: float) -> None:
        super().__init__(plan.schedule, start)
        self.plan, self.wedge = plan, wedge(plan)

    def extend(self, stop: int) -> None:
        one = self.plan.inequality(self.D[0], len(self.D) - 1, stop)
        self.D.extend(values(one, self.wedge, self.D[-1])[1:].tolist())

    def after(self, parameters: Parameters, D: float) -> float:
        one = self.plan.inequality_at(dict(zip(("gamma", "rho", "lam"), parameters, strict=True)))
        return float(after(type(one)(*(part[..., 0] for part in one)), self.wedge, D))


def followed_plan(theorem: Theorem, constants: Constants, schedule: Schedule, chosen: Chosen) -> Plan:
    """The plan of a theorem whose bound is its roll-out."""

    @cache
    def curve(start: float) -> RolledOut:
        return RolledOut(plan, start)

    plan = Plan(
        theorem=theorem, constants=constants, schedule=schedule,
        bound=lambda t, start: curve(start).at(t),
        iterations=lambda epsilon, start: curve(start).settled(epsilon),
        reached=lambda epsilon, start: curve(start).reached(epsilon),
        **chosen._asdict(),
    )  # fmt: skip
    return plan
