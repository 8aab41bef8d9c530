"""E delta+ <= p delta + q ||grad f||^2 + r, the expectation taken exactly by enumerating the sampling."""

from __future__ import annotations

import numpy as np

from ..constants import Array
from ..errors import NotApplicable
from ..methods.unified_sam import step
from ..problem import Problem
from ..sampling import Draw, Law
from ..theorems.base import Plan
from .expectation import affordable, over_outcomes
from .record import Evidence, compare, skipped
from .states import States



def one_step(problem: Problem, law: Law, plan: Plan, states: States) -> Evidence:
    """The theorem's one-step inequality at every state, at the state's own time of the schedule."""
    try:
        outcomes, most = affordable(problem, law)
    except NotApplicable as reason:
        return skipped("one-step", "E delta+ <= p delta + q G + r", str(reason))
    states = states.first(most)
    f = problem.objective
    gamma, rho, lam = (np.array(values)[:, None] for values in zip(*(plan.schedule.at(int(t)) for t in states.t)))

    def after(x: Array, draw: Draw, which: np.ndarray) -> Array:
        if law.deterministic:
            moved = step(x, draw, lambda y, _: f.gradient(y), gamma[which], rho[which], lam[which])
        else:
            moved = step(x, draw, lambda y, v: f.stochastic_gradient(y, *v), gamma[which], rho[which], lam[which])
        return np.stack([problem.suboptimality(moved), problem.suboptimality_rounding(moved)], axis=-1)

    with np.errstate(over="ignore", invalid="ignore"):
        found = np.einsum("skw,k->sw", over_outcomes(states.X, outcomes, after, width=2), outcomes.probability)
    delta = problem.suboptimality(states.X)
    grad2 = np.sum(f.gradient(states.X) ** 2, axis=-1)
    p, q, r = (np.array(values) for values in zip(*(plan.step(int(t)) for t in states.t)))
    bound = p * delta + q * grad2 + r
    rounding = (
        found[:, 1]
        + p * problem.suboptimality_rounding(states.X)
        + 1e-11 * (np.abs(p * delta) + np.abs(q * grad2) + np.abs(r))
    )
    return compare(
        "one-step", "E delta+ <= p delta + q G + r", bound, found[:, 0], rounding, lambda k: states.names[k]
    )
