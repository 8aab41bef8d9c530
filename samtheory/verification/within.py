"""The class of a method's perturbation, checked at every state and outcome: ||e|| <= rho (alpha ||g|| + beta)."""

from __future__ import annotations

from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.engine.run import Method
from samtheory.errors import NotApplicable
from samtheory.methods.base import Deviation, halves
from samtheory.methods.unified_sam import ascent
from samtheory.problem.evaluation import context_of
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw, Law
from samtheory.schedules import Schedule

from .enumeration import affordable, over_outcomes
from .evidence import Evidence, compare, skipped
from .one_step import remembered, sampled_gradient
from .states import States

KIND = "hypothesis"


def within(
    problem: Problem, law: Law, own: Law, states: States, schedule: Schedule, method: Method, of: Deviation
) -> Evidence:
    """The bound on e = y - x for the last point y at which the step asks for a gradient; else that on ||h - g||.

    Where e is stated to be that of Unified SAM, it is compared.

    Parameters
    ----------
    law, own : that of the sampling, and that of everything that the method draws
    """
    name = f"class of the method: {of.describe()}"
    try:
        outcomes, most = affordable(problem, own)
    except NotApplicable as reason:
        return skipped(KIND, name, str(reason))
    states = states.first(most)
    gradient, width = sampled_gradient(problem), law.width
    gamma, rho, _ = (values[:, None] for values in states.over_time(schedule.at))
    lam = np.full_like(rho, of.lam or 0.0)
    rows = remembered(method, own, states, schedule)

    def excess(rows: Array, draw: Draw, which: np.ndarray) -> Array:
        """Measured, bound and rounding beside each other."""
        x, asked, drawn = rows[:, : problem.d], [], None if own.deterministic else draw

        def recorded(y: Array, v: Any) -> Array:
            asked.append(y)
            return gradient(y, v)

        new = method(rows, drawn, recorded, gamma[which], rho[which], lam[which])[:, : problem.d]
        v = None if law.deterministic else Draw(draw.indices[:, :width], draw.weights[:, :width])
        g = gradient(x, v)
        bounding = g if of.own else gradient(x, halves(drawn)[1])
        bound = rho[which, 0] * (of.alpha * np.linalg.norm(bounding, axis=-1) + of.beta)
        size = np.linalg.norm(x, axis=-1)
        if of.point:
            y = asked[-1]
            again = np.linalg.norm(new - (x - gamma[which] * gradient(y, v)), axis=-1)
            step = np.linalg.norm(new - x, axis=-1)
            other = again > 1e-9 * (size + step)  # a step from elsewhere than y is no step of the class
            if of.along:
                e = rho[which] * ascent(g, of.lam or 0.0)
                other |= np.linalg.norm(y - x - e, axis=-1) > 1e-9 * (size + np.linalg.norm(e, axis=-1))
            measured = np.where(other, np.inf, np.linalg.norm(y - x, axis=-1))
            rounding = 1e-12 * size
        else:
            measured = np.linalg.norm((x - new) / gamma[which] - g, axis=-1)
            weights = np.ones(1) if v is None else v.weights
            L_v = (
                problem.L_i.values.mean()
                if v is None
                else (weights * problem.L_i.values[v.indices]).sum(-1) / problem.n
            )
            bound = bound * L_v
            most = 1.0 if v is None else weights.sum(axis=-1) / problem.n
            rounding = 1e-12 * size / gamma[which, 0] + 16 * most * context_of(problem).gradient_rounding(x).max(axis=1)
        return np.stack([measured, bound, rounding + 1e-9 * bound], axis=-1)

    measured, bound, rounding = np.moveaxis(over_outcomes(rows, outcomes, excess, width=3), -1, 0)
    return compare(KIND, name, bound, measured, rounding.ravel(), lambda k: states.names[k // bound.shape[1]])
