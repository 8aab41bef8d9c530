"""A method that states a class or a bias keeps nothing beside its memory: the same run twice, bit for bit."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from samtheory._typing import Array
from samtheory.engine.run import Method, log_times, run
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.schedules import Schedule

from .evidence import Evidence, compare
from .program import WORK

KIND, NAME = "hypothesis", "the step depends on its arguments alone"
#: The steps of a run at most, a prime: what comes round in a period is not in phase the second time; times compared.
STEPS, TIMES = 293, 40


@lru_cache(maxsize=64)
def repeated(problem: Problem, sampling: Sampling, method: Method) -> Evidence:
    """Two runs from x0 on the same draws, at steps of their own; before any other call of the method."""
    law, L = problem.law(sampling), float(problem.L)
    cost = 4 * problem.d * (problem.n if law.deterministic else law.width)
    steps = int(min(STEPS, max(WORK // cost, 1)))
    times = log_times(steps, TIMES)

    def points() -> Array:
        schedule = Schedule(0.1 / L, 0.1 / L, 0.5)
        found = run(problem, sampling, schedule, steps=steps, seed=0, record=times, method=method, keep=("points",))
        return np.array(found.points[0])

    first, second = points(), points()
    same = (first == second) | (np.isnan(first) & np.isnan(second))
    found = np.where(same.all(axis=-1), 0.0, 2.0)
    return compare(KIND, NAME, np.ones(len(found)), found, 0.0, lambda k: f"a second run, t={times[k]}")
