"""Unified SAM on a linear model with one index a step: x+ = p x + q a_i, and p and q are numbers.

With a = a_i, z = a.x, v the weight over n, c = v phi'(z) and r = v reg,

    g(x) = c a + r x,   a.g = c ||a||^2 + r z,   ||g||^2 = c (a.g + r z) + r^2 ||x||^2,
    y    = x + s g,     a.y = z + s a.g,         s = rho (1 - lam + lam/||g||),
    g(y) = (c' + r s c) a + r (1 + r s) x,       c' = v phi'(a.y).
"""

from __future__ import annotations

import numpy as np

from ..constants import Array
from ..objectives.linear import LinearModel
from .base import TINY, Engine, Piece, inverse_norm, measured

#: A sum of squares and products below this part of its squares has lost digits.
CANCELLED = 1e-9


class Span(Engine):
    """The step in NumPy: two products where the reference takes two gradients."""

    def advance(self, piece: Piece) -> dict[str, Array]:
        f, draws, rows = self.problem.objective, piece.draws, len(self.X)
        assert isinstance(f, LinearModel)
        assert draws is not None
        repeats = rows // len(draws.indices)
        i, v = (np.repeat(part[..., 0].T, repeats, axis=1) for part in draws)
        v = v / f.n
        gamma, rho, lam = (np.tile(values.T, rows // len(values)) for values in (piece.gamma, piece.rho, piece.lam))
        over_length = rho * lam
        numbers = (i, f.norms2[i], f.b[i], v, v * f.reg, gamma, rho - over_length, over_length)
        normalised = over_length.any(axis=1).tolist()
        # Transposed, so that a number a row multiplies a row; one row alone is faster as numbers of Python.
        one = rows == 1
        x = self.X[0] if one else self.X.T
        row, dot, least = (f.A.__getitem__, np.dot, float) if one else (lambda i: f.A.take(i, axis=0).T, dots, np.ndarray.min)
        points = np.empty((len(piece.marks), *self.X.shape))
        marks = [*piece.marks.tolist(), -1]
        slot = 0
        steps = zip(*(values[:, 0].tolist() if one else values for values in numbers), normalised, strict=True)
        for k, (i, norm2, b, v, r, gamma, s, over_length, normal) in enumerate(steps):
            if marks[slot] == k:
                points[slot] = x.T
                slot += 1
            a = row(i)
            z = dot(a, x)
            c = v * f.loss.slope(z, b)
            rz = r * z
            ag = c * norm2 + rz
            if normal:
                rx2 = r * r * dot(x, x) if f.reg else 0.0
                g2 = c * (ag + rz) + rx2
                sound = least(g2 - CANCELLED * rx2) > TINY
                s = s + over_length * (g2**-0.5 if sound else inverse_norm((c * a + r * x).T)[..., 0])
            c = v * f.loss.slope(z + s * ag, b) + r * s * c
            x *= 1 - gamma * r * (1 + r * s)
            x -= gamma * c * a
        if marks[slot] == piece.steps:
            points[slot] = x.T
        return measured(self.problem, points, self.keep)


def dots(a: Array, x: Array) -> Array:
    """The products of the columns."""
    return (a.T[:, None, :] @ x.T[:, :, None])[:, 0, 0]

