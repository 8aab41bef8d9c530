"""The reference method on all rows at once, for any objective and any method: what every other engine must equal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np

from ..constants import Array
from ..methods.unified_sam import step
from ..problem import Problem
from ..sampling import Draw
from .base import Engine, Piece, measured

#: One step of a method: (x, draw, gradient, gamma, rho, lam) -> x+.
Method = Callable[..., Array]


class Vectorised(Engine):
    """`method` as it is written, called once a step with one row a run.

    With one schedule gamma, rho and lam are numbers; with more they have shape (rows, 1).
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], method: Method = step) -> None:
        super().__init__(problem, X, keep)
        self.method = method

    def advance(self, piece: Piece) -> dict[str, Array]:
        f, x, method = self.problem.objective, self.X, self.method

        def full(y: Array, _: None) -> Array:
            return f.gradient(y)

        def sampled(y: Array, draw: Draw) -> Array:
            return f.stochastic_gradient(y, draw.indices, draw.weights)

        gradient = full if piece.draws is None else sampled
        points = np.empty((len(piece.marks), *x.shape))
        marks = [*piece.marks.tolist(), -1]
        slot = 0
        for k, (draw, parameters) in enumerate(zip(row_draws(piece, len(x)), row_parameters(piece, len(x)), strict=True)):
            if marks[slot] == k:
                points[slot] = x
                slot += 1
            x = method(x, draw, gradient, *parameters)
        if marks[slot] == piece.steps:
            points[slot] = x
        self.X = x
        return measured(self.problem, points, self.keep)


def row_draws(piece: Piece, rows: int) -> Iterator[Draw | None]:
    """The draws of each step, one row a run, of shape (rows, m)."""
    if piece.draws is None:
        return iter([None] * piece.steps)
    repeats = rows // len(piece.draws.indices)
    indices, weights = (np.repeat(part.transpose(1, 0, 2), repeats, axis=1) for part in piece.draws)
    return map(Draw, indices, weights)


def row_parameters(piece: Piece, rows: int) -> Iterator[tuple[Any, ...]]:
    """gamma, rho and lam of each step."""
    given = (piece.gamma, piece.rho, piece.lam)
    if len(piece.gamma) == 1:
        return zip(*(values[0].tolist() for values in given), strict=True)
    return zip(*(np.tile(values.T, rows // len(values))[..., None] for values in given), strict=True)
