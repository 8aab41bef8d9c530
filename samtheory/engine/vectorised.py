"""NumPy on all rows at once: the reference method as it is written, and the same step in fewer passes over the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

import numpy as np

from ..constants import Array
from ..methods.unified_sam import step
from ..objectives import LinearModel, UserSum
from ..objectives.base import Indices
from ..problem import Problem
from ..sampling import Draw
from .base import Engine, Piece, inverse_norm, measured

#: One step of a method: (x, draw, gradient, gamma, rho, lam) -> x+.
Method = Callable[..., Array]


class Reference(Engine):
    """`method` as it is written, for any objective: what every other engine must equal.

    It is called once a step with one row a run; gamma, rho and lam are numbers, or of shape (rows, 1) with several
    schedules.
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], method: Method = step) -> None:
        super().__init__(problem, X, keep)
        self.method, self.f = method, problem.objective

    def gradient(self, x: Array, draw: Draw | None) -> Array:
        """g_v(x), or grad f(x) where nothing is random."""
        return self.f.gradient(x) if draw is None else self.f.stochastic_gradient(x, draw.indices, draw.weights)

    def steps(self, piece: Piece) -> Iterator[tuple[Any, ...]]:
        """What `move` takes at each step."""
        draws: Any = [None] * piece.steps if piece.draws is None else map(Draw, *draws_by_step(piece, len(self.X)))
        if len(piece.gamma) == 1:
            return zip(draws, *(rule[0].tolist() for rule in (piece.gamma, piece.rho, piece.lam)), strict=True)
        return zip(draws, *(rule[..., None] for rule in rules_by_step(piece, len(self.X))), strict=True)

    def move(self, x: Array, draw: Draw | None, gamma: Any, rho: Any, lam: Any) -> Array:
        """One step."""
        return self.method(x, draw, self.gradient, gamma, rho, lam)

    def advance(self, piece: Piece) -> dict[str, Array]:
        x, move = self.X, self.move
        points = np.empty((len(piece.marks), *x.shape))
        marks = [*piece.marks.tolist(), -1]
        slot = 0
        for k, arguments in enumerate(self.steps(piece)):
            if marks[slot] == k:
                points[slot] = x
                slot += 1
            x = move(x, *arguments)
        if marks[slot] == piece.steps:
            points[slot] = x
        self.X = x
        return measured(self.problem, points, self.keep)


class Vectorised(Reference):
    """The direction scaled once, y = x + s g with s = rho (1 - lam + lam/||g||), and rows of A looked up once."""

    def move(self, x: Array, draw: Draw | None, gamma: Any, rho: Any, lam: Any) -> Array:
        f = self.f
        if draw is not None and type(f) is LinearModel:
            gradient = batch_gradient(f, draw)
        else:
            gradient = partial(self.gradient, draw=draw)
        g = gradient(x)
        y = (rho * (1 - lam) + rho * lam * inverse_norm(g)) * g
        y += x
        return np.asarray(x - gamma * gradient(y))


def batch_gradient(f: LinearModel, draw: Draw) -> Callable[[Array], Array]:
    """x -> g_v(x) of a linear model for one draw."""
    rows, b, v = f.A[draw.indices], f.b[draw.indices], draw.weights / f.n
    pull = f.reg * v.sum(axis=-1, keepdims=True)

    def gradient(x: Array) -> Array:
        c = v * f.loss.slope((rows @ x[..., None])[..., 0], b)
        return np.asarray((c[:, None] @ rows)[:, 0] + pull * x)

    return gradient


class OneIndex(Reference):
    """One index a step: g = v h with h = grad f_i and v > 0 the weight over n, so that g/||g|| = h/||h||."""

    def steps(self, piece: Piece) -> Iterator[tuple[Any, ...]]:
        """i, rho (1 - lam) v, rho lam and gamma v of each step."""
        i, v = draws_by_step(piece, len(self.X))
        v = v / self.f.n
        gamma, rho, lam = (rule[..., None] for rule in rules_by_step(piece, len(self.X)))
        return zip(i, rho * (1 - lam) * v, rho * lam, gamma * v, strict=True)

    def move(self, x: Array, i: Indices, plain: Array, normed: Array, gamma: Array) -> Array:  # type: ignore[override]
        x.setflags(write=False)  # a person's function may not write into it
        h = self.component_gradient(x, i)
        y = (plain + normed * inverse_norm(h)) * h
        y += x
        return np.asarray(x - gamma * self.component_gradient(y, i))

    def component_gradient(self, x: Array, i: Indices) -> Array:
        """grad f_i(x) for the index of each row."""
        f = self.f
        if type(f) is UserSum and f.batched:
            try:
                found = f._gradient(i[:, 0], x)
            except Exception:  # noqa: BLE001 - told in one line below
                found = None
            if isinstance(found, np.ndarray) and found.shape == x.shape:
                return found
        return f.gradients(x, i)[:, 0]


def draws_by_step(piece: Piece, rows: int) -> Draw:
    """Indices and weights with the steps first and a row for each run, (T, rows, m)."""
    assert piece.draws is not None
    (indices, weights), repeats = piece.draws, rows // len(piece.draws.indices)
    indices, weights = indices.swapaxes(0, 1), weights.swapaxes(0, 1)
    return Draw(np.repeat(indices, repeats, axis=1), np.repeat(weights, repeats, axis=1))


def rules_by_step(piece: Piece, rows: int) -> tuple[Array, Array, Array]:
    """gamma, rho and lam with the steps first and a number for each run, (T, rows)."""
    gamma, rho, lam = (np.tile(rule.T, rows // len(rule)) for rule in (piece.gamma, piece.rho, piece.lam))
    return gamma, rho, lam
