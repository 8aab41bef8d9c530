"""The expectation over all sample paths, by enumeration: exact for any objective, lam and method, but short."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from samtheory._typing import Array
from samtheory.engine.run import Method
from samtheory.errors import whole
from samtheory.methods.base import started
from samtheory.methods.unified_sam import step
from samtheory.problem.distance import squared_distance, why_set_unknown
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw, Law
from samtheory.schedules import Schedule
from samtheory.theorems.plan import Plan

from .enumeration import over_outcomes
from .evidence import Evidence, skipped
from .exact_curves import Expected, against
from .rounding import of_gap, of_grad2

KIND, NAME = "paths", "E over all paths"
#: At most this many paths, and no more steps than this.
PATHS, STEPS = 5_000, 12


def all_paths(
    problem: Problem, law: Law, schedule: Schedule, steps: int, method: Method = step
) -> Iterator[tuple[Array, Array]]:
    """(x_t of shape (K^t, d), their probabilities) for t = 0, ..., steps, with K outcomes of the sampling a step.

    Raises
    ------
    NotApplicable
        If the outcomes are too many to enumerate.
    InputError
        If steps is not a whole number.
    """
    f, outcomes = problem.objective, law.outcomes()

    def gradient(x: Array, draw: Draw) -> Array:
        return f.gradient(x) if law.deterministic else f.stochastic_gradient(x, *draw)

    x, p = started(method, problem.x0[None]), np.ones(1)
    yield x[:, : f.d], p
    for t in range(whole("steps", steps)):
        gamma, rho, lam = schedule.at(t)
        moved = over_outcomes(
            x,
            outcomes,
            lambda y, draw, _: method(y, draw, gradient, gamma, rho, lam),  # noqa: B023
            width=x.shape[1],
        )
        x, p = moved.reshape(-1, x.shape[1]), np.outer(p, outcomes.probability).ravel()
        yield x[:, : f.d], p


@lru_cache(maxsize=64)
def expectations(problem: Problem, law: Law, schedule: Schedule, steps: int, method: Method = step) -> Expected:
    """The expectations over all paths, for t = 0, ..., steps.

    Raises
    ------
    NotApplicable
        If the outcomes are too many to enumerate.
    """
    times = list(all_paths(problem, law, schedule, steps, method))
    X = np.concatenate([x for x, _ in times])
    ends = np.cumsum([len(x) for x, _ in times])[:-1]
    grad2 = np.sum(problem.objective.gradient(X) ** 2, axis=-1)

    def mean(values: Array) -> Array:
        # Numpy adds up a contiguous array pairwise: thousands of paths lose nothing.
        each = zip(times, np.split(values, ends), strict=True)
        return np.array([np.sum(p * values) for (_, p), values in each])

    return Expected(
        np.arange(steps + 1),
        mean(problem.suboptimality(X)),
        mean(grad2),
        mean(squared_distance(problem, X)),
        lambda: mean(of_gap(problem, X)),
        lambda: mean(of_grad2(problem, X, grad2)),
    )


def paths(problem: Problem, law: Law, plan: Plan, schedule: Schedule | None = None, method: Method = step) -> Evidence:
    """The plan's bound against the expectation over all paths, for as many steps as `PATHS` and `STEPS` allow.

    Parameters
    ----------
    schedule, method : the steps that are run; by default the plan's schedule and the reference
    """
    # A bound that starts from a distance is right from any one minimiser; a bound on a distance is about the set.
    if plan.theorem.measure == "distance2" and (reason := why_set_unknown(problem)):
        return skipped(KIND, NAME, reason)
    if law.count == 1:
        return skipped(KIND, NAME, "nothing is random: the trajectory is exact")
    steps = min(int(math.log(PATHS) / math.log(law.count)), STEPS)
    if steps < 2:
        return skipped(KIND, NAME, f"two steps of the sampling have more than {PATHS} paths")
    with np.errstate(over="ignore", invalid="ignore"):
        found = expectations(problem, law, plan.schedule if schedule is None else schedule, steps, method)
        return against(problem, plan, found, KIND, NAME)
