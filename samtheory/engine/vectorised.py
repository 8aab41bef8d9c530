"""The reference method on all rows at once, for any objective and any method: what every other engine must equal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..constants import Array
from ..methods.unified_sam import step
from ..objectives import UserSum
from ..objectives.base import Indices
from ..problem import Problem
from ..sampling import Draw
from .base import Engine, Piece, inverse_norm, measured

#: One step of a method: (x, draw, gradient, gamma, rho, lam) -> x+.
Method = Callable[..., Array]
Gradient = Callable[[Array, Any], Array]


class Reference(Engine):
    """`method` as it is written, called once a step with one row a run.

    With one schedule gamma, rho and lam are numbers; with more they have shape (rows, 1).
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], method: Method = step) -> None:
        super().__init__(problem, X, keep)
        self.method, self.f = method, problem.objective

    def gradient(self, x: Array, draw: Draw | None) -> Array:
        """g_v(x), or grad f(x) where nothing is random."""
        return self.f.gradient(x) if draw is None else self.f.stochastic_gradient(x, draw.indices, draw.weights)

    def advance(self, piece: Piece) -> dict[str, Array]:
        x, rows, method, gradient = self.X, len(self.X), self.method, self.gradient
        points = np.empty((len(piece.marks), *x.shape))
        marks = [*piece.marks.tolist(), -1]
        slot = 0
        steps = zip(draws_of(piece, rows), parameters_of(piece, rows), strict=True)
        for k, (draw, (gamma, rho, lam)) in enumerate(steps):
            if marks[slot] == k:
                points[slot] = x
                slot += 1
            x = method(x, draw, gradient, gamma, rho, lam)
        if marks[slot] == piece.steps:
            points[slot] = x
        self.X = x
        return measured(self.problem, points, self.keep)


class Vectorised(Reference):
    """The reference with fewer passes over the rows."""

    def __init__(self, problem: Problem, X: Array, keep: Collection[str]) -> None:
        super().__init__(problem, X, keep, quick_step)

    def advance(self, piece: Piece) -> dict[str, Array]:
        self.method = quick_step
        if piece.draws is not None and piece.draws.indices.shape[2] == 1:
            piece = replace(piece, draws=Draw(piece.draws.indices, piece.draws.weights / self.f.n))
            self.method = self.one_index_step
        return super().advance(piece)

    def one_index_step(self, x: Array, draw: Draw, _: Gradient, gamma: Any, rho: Any, lam: Any) -> Array:
        """With g = v h, h = grad f_i and v > 0 the weight over n: the direction g/||g|| is that of h."""
        v = draw.weights
        h = self.component_gradient(x.copy(), draw.indices)
        y = (rho * (1 - lam) * v + rho * lam * inverse_norm(h)) * h
        y += x
        moved: Array = x - gamma * v * self.component_gradient(y, draw.indices)
        return moved

    def component_gradient(self, x: Array, indices: Indices) -> Array:
        """grad f_i(x) for the one index of each row."""
        f = self.f
        if type(f) is UserSum and f.batched:
            try:
                found = f._gradient(indices[:, 0], x)
            except Exception:
                found = None  # what is wrong is told below
            if isinstance(found, np.ndarray) and found.shape == x.shape:
                return found
        return f.gradients(x, indices)[:, 0]


def quick_step(x: Array, draw: Any, gradient: Gradient, gamma: Any, rho: Any, lam: Any) -> Array:
    """`methods.unified_sam.step` with the norm first and the direction scaled once."""
    g = gradient(x, draw)
    y = (rho * (1 - lam) + rho * lam * inverse_norm(g)) * g
    y += x
    moved: Array = x - gamma * gradient(y, draw)
    return moved


def draws_of(piece: Piece, rows: int) -> Iterator[Draw | None]:
    """The draws of each step, one row a run, of shape (rows, m)."""
    if piece.draws is None:
        return iter([None] * piece.steps)
    repeats = rows // len(piece.draws.indices)
    indices, weights = (np.repeat(part.transpose(1, 0, 2), repeats, axis=1) for part in piece.draws)
    return map(Draw, indices, weights)


def parameters_of(piece: Piece, rows: int) -> Iterator[tuple[Any, Any, Any]]:
    """gamma, rho and lam of each step."""
    given = (piece.gamma, piece.rho, piece.lam)
    if len(piece.gamma) == 1:
        return zip(*(values[0].tolist() for values in given), strict=True)
    return zip(*(np.tile(values.T, rows // len(values))[..., None] for values in given), strict=True)
