"""Basins of a function of one to three variables, seen on a grid: cheap, and a second minimum is not missed."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.problem.evaluation import cost, in_blocks
from samtheory.problem.problem import Problem

#: Half the widths of the grids in units of the reach, points along an axis for d = 1, 2 and 3, and their price.
WIDTHS, ALONG, WORK = (4.0, 20.0), (4001, 101, 41), 10_000_000
#: The lowest basins of a grid that are kept.
BASINS = 6


def basins(problem: Problem, centre: Array, reach: float, level: int) -> Array:
    """Points of grids around `centre` that are lower than their neighbours, the lowest of them, (B, d).

    There are none for d > 3, and where a grid would cost too much.
    """
    d = problem.d
    affordable = WORK * level / cost(problem) / len(WIDTHS)
    if d > len(ALONG) or affordable < 100:
        return np.zeros((0, d))
    along = int(min(ALONG[d - 1] * level, affordable ** (1 / d)))
    found = [_lowest(problem, centre, np.linspace(-width, width, along) * reach) for width in WIDTHS]
    return np.concatenate(found)


def _lowest(problem: Problem, centre: Array, line: Array) -> Array:
    """The basins of the grid whose axes are `line`."""
    d, m = problem.d, len(line)
    X = centre + np.stack(np.meshgrid(*[line] * d, indexing="ij"), axis=-1).reshape(-1, d)
    with np.errstate(all="ignore"):
        values = in_blocks(problem.objective.gap, X, problem.n * d)
    heights = np.nan_to_num(values, nan=np.inf).reshape([m] * d)
    low = np.isfinite(heights)
    for axis in range(d):
        inside = [slice(None)] * d
        for here, beside in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
            inside[axis] = here
            lower = heights[tuple(inside)]
            inside[axis] = beside
            other = heights[tuple(inside)]
            inside[axis] = here
            low[tuple(inside)] &= lower <= other
    candidates = np.flatnonzero(low.ravel())
    return np.asarray(X[candidates[np.argsort(heights.ravel()[candidates], kind="stable")[:BASINS]]])
