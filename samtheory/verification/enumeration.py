"""Exact expectations over the outcomes of a sampling, at many states at once, within a stated amount of work."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw, Law, Outcomes

#: states x outcomes x (n + batch size x dimension) is at most this a check.
WORK = 2_000_000
#: Rows evaluated at once.
BLOCK = 20_000


@lru_cache(maxsize=16)
def affordable(problem: Problem, law: Law) -> tuple[Outcomes, int]:
    """The outcomes of `law` and how many states may be enumerated with them.

    Raises
    ------
    NotApplicable
        If not even two states are within `WORK`.
    """
    states = affordable_points(problem, law.count, law.width)
    if states < 2:
        size = problem.n + law.width * problem.d
        raise NotApplicable(f"{law.count:.3g} outcomes of size {size}: more than {WORK:.0e} operations for two states")
    return law.outcomes(), states


def affordable_points(problem: Problem, count: int, width: int) -> int:
    """The number of points at which `count` gradients, each a sum over `width` components, are within `WORK`."""
    return WORK // (count * (problem.n + width * problem.d))


def over_outcomes(
    X: Array, outcomes: Outcomes, evaluate: Callable[[Array, Draw, np.ndarray], Array], width: int = 1
) -> Array:
    """evaluate(x, draw, state index) for every state and outcome: shape (S, K), or (S, K, width)."""
    (indices, weights), probability = outcomes
    S, K = len(X), len(probability)
    found = np.empty((S, K, width))
    per_block = max(1, BLOCK // K)
    for begin in range(0, S, per_block):
        states = np.arange(begin, min(begin + per_block, S))
        which = np.repeat(states, K)
        draw = Draw(np.tile(indices, (len(states), 1)), np.tile(weights, (len(states), 1)))
        found[states] = evaluate(X[which], draw, which).reshape(len(states), K, width)
    return found[..., 0] if width == 1 else found
