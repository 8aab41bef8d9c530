"""Bounds on the smallest or the mean E W_t, from a one-step inequality that telescopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError
from samtheory.schedules import Schedule

from ..base import ROUNDING, Theorem
from ..numbers import settled, summed
from ..plan import Chosen, Plan
from ..rollout import means, minima, wedge

#: Parameters that change with t are followed for this many steps.
LONGEST = 10**5


def telescoped_plan(theorem: Theorem, constants: Constants, schedule: Schedule, chosen: Chosen) -> Plan:
    """The plan of a theorem whose bound is the roll-out of its inequality, in closed form for constant steps."""
    make = constant_steps if schedule.constant else varying_steps
    return make(theorem, constants, schedule, chosen)


def constant_steps(theorem: Theorem, constants: Constants, schedule: Schedule, chosen: Chosen) -> Plan:
    """(V_0/W_T + noise)/descent with W_T = sum of (1 + growth)^-j over 1 <= j <= T, which is T where growth = 0.

    Raises
    ------
    InputError
        If the steps leave no descent.
    """

    def bound(t: Any, start: float) -> Array:
        W = -summed(-growth, -np.asarray(t, dtype=np.float64))
        with np.errstate(over="ignore"):
            return np.asarray((np.divide(start, W, out=np.full_like(W, np.inf), where=W > 0) + noise) / descent)

    def iterations(epsilon: float, start: float) -> int | None:
        limit = (growth * start + noise) / descent
        return settled(lambda T: bound(T, start), theorem.goal(epsilon), (1,), limit)

    plan = Plan(
        theorem=theorem, constants=constants, schedule=schedule, bound=bound, iterations=iterations,
        reached=iterations, **chosen._asdict(), start=1,
    )  # fmt: skip
    growth, q, noise, _ = (float(part[0, 0, 0]) for part in plan.inequality(1.0, 0, 1))
    growth, descent = max(growth, 0.0), -q
    if descent <= ROUNDING * chosen.gamma:
        raise InputError(f"gamma={chosen.gamma:g}: {theorem.key} has no descent left at rho={chosen.rho:g}")
    return plan


def varying_steps(theorem: Theorem, constants: Constants, schedule: Schedule, chosen: Chosen) -> Plan:
    """The roll-out itself."""
    smallest = theorem.measure == "min_grad2"

    def curve(length: int, start: float) -> Array:
        one = plan.inequality(start, 0, length)
        return minima(one, wedge(plan), start) if smallest else means(one, start)

    def bound(t: Any, start: float) -> Array:
        times = np.asarray(t, dtype=np.intp)
        return np.asarray(curve(max(int(times.max()), 1), start)[times])

    def reached(epsilon: float, start: float) -> int | None:
        found = np.flatnonzero(curve(LONGEST, start) <= theorem.goal(epsilon))
        return int(found[0]) if len(found) else None

    def iterations(epsilon: float, start: float) -> int | None:
        if smallest:  # which never rises
            return reached(epsilon, start)
        above = np.flatnonzero(curve(LONGEST, start) > theorem.goal(epsilon))
        last = int(above[-1]) if len(above) else 0
        return last + 1 if last < LONGEST and stays(theorem.goal(epsilon), start) else None

    def stays(target: float, start: float) -> bool:
        """Whether V_0 + sum noise_j <= target T min_j descent_j at every later T, by the worst of all later steps.

        -descent and noise are convex in each parameter, so that none is larger than at a corner of the box of all.
        """
        corners = schedule.corners(LONGEST)
        if corners is None:
            return False
        names = dict(zip(("gamma", "rho", "lam"), np.array(corners).T, strict=True))
        later, seen = plan.inequality_at(names), plan.inequality(start, 0, LONGEST)
        least = min(-float(later.q.max()), -float(seen.q.max()))
        spent = start + float(seen.r.sum())
        return spent <= target * LONGEST * least and float(later.r.max()) <= target * least

    plan = Plan(
        theorem=theorem, constants=constants, schedule=schedule, bound=bound, iterations=iterations, reached=reached,
        **chosen._asdict(), start=1,
    )  # fmt: skip
    return plan
