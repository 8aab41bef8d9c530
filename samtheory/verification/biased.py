"""The two conditions on the vector h of a biased step, with the expectations taken exactly, at every state."""

from __future__ import annotations

import numpy as np

from samtheory.engine.run import Method
from samtheory.errors import NotApplicable
from samtheory.methods.base import Bias
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.schedules import Schedule
from samtheory.theorems.plan import Plan

from .enumeration import affordable, over_outcomes
from .evidence import Evidence, compare, skipped, together
from .one_step import mover, remembered
from .states import States

KIND = "hypothesis"


def biased(problem: Problem, law: Law, plan: Plan, states: States, schedule: Schedule, method: Method) -> Evidence:
    """<grad f, E h> >= b ||grad f||^2 - c and E||h||^2 <= 2 A_h gap + B_h ||grad f||^2 + C_h, h = (x - x+)/gamma.

    Parameters
    ----------
    law : that of everything that the method draws
    """
    known = plan.constants
    of = Bias(*(float(getattr(known, name)) for name in ("b", "c", "A_h", "B_h", "C_h")))
    name = f"bias of the method: {of.describe()}"
    try:
        outcomes, most = affordable(problem, law)
    except NotApplicable as reason:
        return skipped(KIND, name, str(reason))
    states, d = states.first(most), problem.d
    move, gamma = mover(problem, law, schedule, states, method), states.over_time(schedule.at)[0]
    with np.errstate(over="ignore", invalid="ignore"):
        rows = remembered(method, law, states, schedule)
        new = over_outcomes(rows, outcomes, lambda x, draw, which: move(x, draw, which)[:, :d], width=d)
        new = new.reshape(len(states), -1, d)
        h = (states.X[:, None] - new) / gamma[:, None, None]
        along = (h @ problem.objective.gradient(states.X)[..., None])[..., 0] @ outcomes.probability
        second = np.sum(h * h, axis=-1) @ outcomes.probability
    # x+ is as precise as x, and so h by 1/gamma of that.
    off = 1e-14 * np.linalg.norm(states.X, axis=-1) / gamma
    square, gap = states.grad2, np.maximum(states.gap, 0.0)
    least, most_square = of.b * square - of.c, 2 * of.A_h * gap + of.B_h * square + of.C_h
    zero = np.zeros(len(states))
    rounding = np.sqrt(square) * off + 1e-11 * (np.abs(along) + of.b * square + of.c)
    rounding_square = (2 * np.sqrt(second) + off) * off + 1e-11 * (second + most_square) + 2 * of.A_h * states.rounding
    return together([
        compare(KIND, name, zero, least - along, rounding, lambda k: states.names[k]),
        compare(KIND, name, most_square, second, rounding_square, lambda k: states.names[k]),
    ])  # fmt: skip
