"""Lines through the candidate points: where they dip, and where values and gradients disagree, a search begins.

What is seen on a line decides nothing; it says at which points the searches look.
"""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.objectives.lengths import length
from samtheory.problem.evaluation import TINY, cost, in_blocks
from samtheory.problem.problem import Problem

#: Distances along a line, in units of the size: even steps near, ever longer ones far out, on both sides.
_OUTWARDS = np.concatenate([np.arange(1, 251) * 0.04, np.geomspace(10.5, 1e2, 60), np.geomspace(1.1e2, 1e6, 40)])
LINE = np.concatenate([-_OUTWARDS[::-1], [0.0], _OUTWARDS])
#: The only line of one dimension.
_FINE = np.concatenate([np.arange(1, 2501) * 0.004, np.geomspace(10.03, 1e6, 4000)])
FINE = np.concatenate([-_FINE[::-1], [0.0], _FINE])
#: Lines at level 1, and the multiplications that all of them may take.
LINES, WORK = 24, 3_000_000
#: Points kept of all lines.
DIPS, SUSPECTS = 8, 24


def lines(
    problem: Problem, centre: Array, size: float, level: int, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """Points of lines through `centre`, (M, T, d), their unit directions (M, d), the distances (T,) in units of `size`.

    The axes come first, then random directions.  There are none where they cost too much.
    """
    d, room = problem.d, WORK * max(level, 1) // cost(problem)
    line = FINE if d == 1 and room >= len(FINE) else LINE
    count = int(min(room // len(line), LINES * max(level, 1) if d > 1 else 1))
    U = np.concatenate([np.eye(d), rng.standard_normal((max(count - d, 0), d))])[:count]
    U = U / length(U)[:, None]
    return centre + size * line[:, None] * U[:, None], U, line


def dips(problem: Problem, centre: Array, size: float, level: int, rng: np.random.Generator) -> Array:
    """Points of lines that are lower than their neighbours on the line, the lowest first, (k, d)."""
    X, _, line = lines(problem, centre, size, level, rng)
    with np.errstate(all="ignore"):
        values = in_blocks(problem.objective.gap, X.reshape(-1, problem.d), problem.n).reshape(X.shape[:2])
        values = np.nan_to_num(values, nan=np.inf)
        low = (values[:, 1:-1] < values[:, :-2]) & (values[:, 1:-1] < values[:, 2:])
    low[:, len(line) // 2 - 1] = False
    found, heights = X[:, 1:-1][low], values[:, 1:-1][low]
    return np.asarray(found[np.argsort(heights, kind="stable")[: DIPS * max(level, 1)]])


def suspects(problem: Problem, centre: Array, size: float, level: int, rng: np.random.Generator) -> Array:
    """Points of lines at which the change of some f_i is furthest from the integral of its gradient, (k, d).

    The trapezoidal rule is compared with f_i(y) - f_i(x) on every segment, relative to its terms.
    """
    X, U, distances = lines(problem, centre, size, level, rng)
    (count, T, d), n = X.shape, problem.n
    if not count:
        return np.zeros((0, d))
    rows = X.reshape(-1, d)
    directions = np.repeat(U, T, axis=0)

    def both(Z: Array) -> Array:
        x, u = Z[:, 0], Z[:, 1]
        slopes = np.einsum("rnd,rd->rn", problem.objective.gradients(x), u)
        return np.stack([problem.objective.values(x), slopes], axis=1)

    with np.errstate(all="ignore"):
        f, s = np.moveaxis(in_blocks(both, np.stack([rows, directions], axis=1), n * d), 1, 0).reshape(2, count, T, n)
        step = size * np.diff(distances)[:, None]
        rounding = 1e-13 * (np.abs(f[:, 1:]) + np.abs(f[:, :-1]))
        off = np.abs(np.diff(f, axis=1) - step * (s[:, 1:] + s[:, :-1]) / 2) - rounding
        worst = np.nan_to_num(off / (step * (np.abs(s[:, 1:]) + np.abs(s[:, :-1])) + rounding + TINY)).max(axis=2)
    # Every distance has its share: the relative error of the rule grows with the step.
    found = []
    for near, far in ((0.0, 2.0), (2.0, 10.0), (10.0, 100.0), (100.0, np.inf)):
        middle = np.abs(distances[1:] + distances[:-1]) / 2
        score = np.where((middle >= near) & (middle < far), worst, 0.0).ravel()
        k = np.argsort(-score, kind="stable")[: SUSPECTS // 4 * max(level, 1)]
        k = k[score[k] > 0]
        line, segment = np.divmod(k, T - 1)
        found += [X[line, segment], X[line, segment + 1], (X[line, segment] + X[line, segment + 1]) / 2]
    return np.concatenate(found)
