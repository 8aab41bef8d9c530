"""NumPy on all rows at once: the reference method as it is written, and the same step in fewer passes over the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.methods import Method
from samtheory.methods.base import started
from samtheory.methods.unified_sam import step
from samtheory.objectives import LinearModel
from samtheory.objectives.rows import is_sparse
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw

from .base import Engine, Piece, inverse_norm, measured


class Reference(Engine):
    """`method` as it is written, for any objective: what every other engine must equal.

    It is called once a step with one row a run; gamma, rho and lam are numbers, or of shape (rows, 1) with several
    schedules.
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], method: Method = step) -> None:
        super().__init__(problem, started(method, X), keep)
        self.method, self.f = method, problem.objective

    def gradient(self, x: Array, draw: Draw | None) -> Array:
        """g_v(x), or grad f(x) where nothing is random."""
        return self.f.gradient(x) if draw is None else self.f.stochastic_gradient(x, draw.indices, draw.weights)

    def steps(self, piece: Piece) -> Iterator[tuple[Any, ...]]:
        """What `move` takes at each step."""
        draws: Any = [None] * piece.steps if piece.draws is None else map(Draw, *draws_by_step(piece, len(self.X)))
        return zip(draws, *columns((piece.gamma, piece.rho, piece.lam), len(self.X)), strict=True)

    def move(self, x: Array, draw: Draw | None, gamma: Any, rho: Any, lam: Any) -> Array:
        """One step."""
        return self.method(x, draw, self.gradient, gamma, rho, lam)

    def advance(self, piece: Piece) -> dict[str, Array]:
        x, move = self.X, self.move
        d = self.problem.d  # beyond it a row holds the memory of the method
        points = np.empty((len(piece.marks), len(x), d))
        marks = [*piece.marks.tolist(), -1]
        slot = 0
        for k, arguments in enumerate(self.steps(piece)):
            if marks[slot] == k:
                points[slot] = x[:, :d]
                slot += 1
            x = move(x, *arguments)
        if marks[slot] == piece.steps:
            points[slot] = x[:, :d]
        self.X = x
        return measured(self.problem, points, self.keep)


#: Numbers in the rows of A that are looked up at once.
LOOKED_UP = 2**17


class Vectorised(Reference):
    """The direction scaled once, y = x + s g with s = rho (1 - lam) + rho lam/||g||, and rows of A looked up once.

    Where a whole piece has rho = 0 or rho lam = 0, what they would multiply is not computed.
    """

    def steps(self, piece: Piece) -> Iterator[tuple[Any, ...]]:
        """x -> g_v(x), gamma, rho (1 - lam) and rho lam of each step; None for what is 0 throughout."""
        rules = (piece.gamma, piece.rho * (1 - piece.lam), piece.rho * piece.lam)
        gamma, *others = columns(rules, len(self.X))
        none = [None] * piece.steps
        radii = [column if rule.any() else none for rule, column in zip(rules[1:], others, strict=True)]
        return zip(self.gradients(piece), gamma, *radii, strict=True)

    def gradients(self, piece: Piece) -> Iterator[Callable[[Array], Array]]:
        """x -> g_v(x) for the draw of each step."""
        if piece.draws is None:
            yield from repeat(self.f.gradient, piece.steps)
            return
        draws = draws_by_step(piece, len(self.X))
        linear = self.f.as_linear_model()
        if linear is None or is_sparse(linear.A):
            for indices, weights in zip(*draws, strict=True):
                yield partial(self.f.stochastic_gradient, indices=indices, weights=weights)
            return
        size = max(1, LOOKED_UP // (len(self.X) * draws.indices.shape[-1] * self.f.d))
        for begin in range(0, piece.steps, size):
            here = slice(begin, begin + size)
            yield from batch_gradients(linear, Draw(draws.indices[here], draws.weights[here]))

    def move(self, x: Array, gradient: Callable[[Array], Array], gamma: Any, plain: Any, normed: Any) -> Array:  # type: ignore[override]
        if plain is None and normed is None:
            return np.asarray(x - gamma * gradient(x))
        g = gradient(x)
        if normed is None:
            y = plain * g
        else:
            s = normed * inverse_norm(g)
            y = (s if plain is None else plain + s) * g
        y += x
        return np.asarray(x - gamma * gradient(y))


def batch_gradients(f: LinearModel, draws: Draw) -> Iterator[Callable[[Array], Array]]:
    """x -> g_v(x) of a linear model for each draw of a block, indices and weights of shape (T, rows, m)."""
    i, v = draws.indices, draws.weights / f.n
    pull = f.reg * v.sum(axis=-1, keepdims=True)

    def gradient(x: Array, rows: Array, b: Array, v: Array, pull: Array) -> Array:
        c = v * f.loss.slope((rows @ x[..., None])[..., 0], b)
        return np.asarray((c[:, None] @ rows)[:, 0] + pull * x)

    for rows, b, weights, strength in zip(f.A[i], f.b[i], v, pull, strict=True):
        yield partial(gradient, rows=rows, b=b, v=weights, pull=strength)


class OneIndex(Reference):
    """One index a step: g = v h with h = grad f_i and v > 0 the weight over n, so that g/||g|| = h/||h||."""

    def __init__(self, problem: Problem, X: Array, keep: Collection[str]) -> None:
        super().__init__(problem, X, keep)
        self.batched_gradient = self.f.batched_gradient()

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
        if self.batched_gradient is not None:
            try:
                found = self.batched_gradient(i[:, 0], x)
            except Exception:  # noqa: BLE001 - `gradients` reports it in one line
                found = np.empty(0)
            if isinstance(found, np.ndarray) and found.shape == x.shape:
                return found
        return self.f.gradients(x, i)[:, 0]


def draws_by_step(piece: Piece, rows: int) -> Draw:
    """Indices and weights with the steps first and a row for each run, (T, rows, m)."""
    assert piece.draws is not None
    (indices, weights), repeats = piece.draws, rows // len(piece.draws.indices)
    indices, weights = indices.swapaxes(0, 1), weights.swapaxes(0, 1)
    return Draw(np.repeat(indices, repeats, axis=1), np.repeat(weights, repeats, axis=1))


def rules_by_step(piece: Piece, rows: int) -> tuple[Array, Array, Array]:
    """gamma, rho and lam with the steps first and a number for each run, (T, rows)."""
    gamma, rho, lam = (by_step(rule, rows) for rule in (piece.gamma, piece.rho, piece.lam))
    return gamma, rho, lam


def by_step(rule: Array, rows: int) -> Array:
    """A rule of shape (schedules, T) with the steps first and a number for each run, (T, rows)."""
    return np.tile(rule.T, rows // len(rule))


def columns(rules: Sequence[Array], rows: int) -> list[Any]:
    """Each rule step by step: numbers for one schedule, arrays of shape (rows, 1) for more."""
    if len(rules[0]) == 1:
        return [rule[0].tolist() for rule in rules]
    return [by_step(rule, rows)[..., None] for rule in rules]
