"""An objective that can be asked anywhere: where it raises, far out or at a pole, it is not a number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.objectives.base import FiniteSum


class Tolerant(FiniteSum):
    """The same function; rows at which `objective` raises become nan."""

    def __init__(self, objective: FiniteSum) -> None:
        self.objective = objective
        self.n, self.d, self.reference = objective.n, objective.d, objective.reference
        self.batched = getattr(objective, "batched", True)

    def values(self, X: Array) -> Array:
        return _each(self.objective.values, (X,), (self.n,))

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        if indices is None:
            return _each(self.objective.gradients, (X,), (self.n, self.d))
        return _each(self.objective.gradients, (X, indices), (indices.shape[1], self.d))

    def value(self, X: Array) -> Array:
        return _each(self.objective.value, (X,), ())

    def gradient(self, X: Array) -> Array:
        return _each(self.objective.gradient, (X,), (self.d,))

    def stochastic_gradient(self, X: Array, indices: Indices, weights: Array) -> Array:
        return _each(self.objective.stochastic_gradient, (X, indices, weights), (self.d,))

    def gap(self, X: Array) -> Array:
        return _each(self.objective.gap, (X,), ())

    def gap_rounding(self, X: Array) -> Array:
        return _each(self.objective.gap_rounding, (X,), ())


def _each(function: Callable[..., Array], rows: tuple[Array | Indices, ...], shape: tuple[int, ...]) -> Array:
    """function(*rows), or row by row with nan in the place of what raises."""
    try:
        return function(*rows)
    except (ArithmeticError, ValueError):  # InputError is a ValueError: what a user's function raised, told in one line
        if len(rows[0]) == 1:
            return np.full((1, *shape), np.nan)
    half = len(rows[0]) // 2
    halves = (tuple(part[cut] for part in rows) for cut in (slice(half), slice(half, None)))
    return np.concatenate([_each(function, part, shape) for part in halves])
