"""Unified SAM on a linear model with one index a step: x+ = p x + q a_i, and p and q are numbers.

With a = a_i, z = a.x, v the weight over n, c = v phi'(z) and r = v reg,

    g(x) = c a + r x,   a.g = c ||a||^2 + r z,   ||g||^2 = c (a.g + r z) + r^2 ||x||^2,
    y    = x + s g,     a.y = z + s a.g,         s = rho (1 - lam + lam/||g||),
    g(y) = (c' + r s c) a + r (1 + r s) x,       c' = v phi'(a.y).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.objectives import LinearModel
from samtheory.problem.problem import Problem

from .base import TINY, Engine, Piece, inverse_norm, measured
from .vectorised import draws_by_step, rules_by_step

#: A sum of squares and products that is below this part of its squares has lost too many digits.
CANCELLED = 1e-2


class Span(Engine):
    """The step in NumPy: two products with a row of A where the reference takes two gradients.

    Parameters
    ----------
    f : the objective of the problem
    """

    step_seconds = 5e-6

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], f: LinearModel) -> None:
        super().__init__(problem, X, keep)
        self.f = f

    def advance(self, piece: Piece) -> dict[str, Array]:
        f, one = self.f, len(self.X) == 1
        slope, reg = f.loss.slope, f.reg
        # Transposed, so that a number a row multiplies a row; one row alone is quicker with numbers of Python.
        x: Any = self.X[0] if one else self.X.T
        row: Any = f.A.__getitem__ if one else (lambda i: f.A.take(i, axis=0).T)
        dot: Any = np.dot if one else dots
        least: Any = float if one else np.ndarray.min
        points = np.empty((len(piece.marks), *self.X.shape))
        marks = [*piece.marks.tolist(), -1]
        slot = 0
        for k, (i, norm2, b, v, gamma, plain, normed) in enumerate(numbers(f, piece, len(self.X))):
            if marks[slot] == k:
                points[slot] = x.T
                slot += 1
            a, r = row(i), v * reg
            z = dot(a, x)
            c = v * slope(z, b)
            rz = r * z
            ag = c * norm2 + rz
            rx2 = r * r * dot(x, x) if reg else 0.0
            g2 = c * (ag + rz) + rx2
            sound = least(g2 - CANCELLED * rx2) > TINY
            s = plain + normed * (g2**-0.5 if sound else inverse_norm((c * a + r * x).T)[..., 0])
            c = v * slope(z + s * ag, b) + r * s * c
            x *= 1 - gamma * r * (1 + r * s)
            x -= gamma * c * a
        if marks[slot] == piece.steps:
            points[slot] = x.T
        return measured(self.problem, points, self.keep)


def numbers(f: LinearModel, piece: Piece, rows: int) -> Any:
    """For each step i, ||a_i||^2, b_i, v, gamma, rho (1 - lam) and rho lam: numbers for one row, arrays for more."""
    i, v = (part[..., 0] for part in draws_by_step(piece, rows))
    gamma, rho, lam = rules_by_step(piece, rows)
    given = (i, f.norms2[i], f.b[i], v / f.n, gamma, rho * (1 - lam), rho * lam)
    return zip(*(array[:, 0].tolist() if rows == 1 else array for array in given), strict=True)


def dots(a: Array, x: Array) -> Array:
    """The products of the columns."""
    return np.asarray((a.T[:, None, :] @ x.T[:, :, None])[:, 0, 0])
