"""A common penalty: f_i(x) = b_i(x) + weight r(x)."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import InputError, nonnegative

from .base import FiniteSum, capability


class Penalised(FiniteSum):
    """f_i(x) = b_i(x) + weight r(x).

    Parameters
    ----------
    base : the finite sum of the b_i
    penalty : r, the mean of another finite sum in the same dimension
    weight : at least 0
    """

    def __init__(self, base: FiniteSum, penalty: FiniteSum, weight: float = 1.0) -> None:
        if penalty.d != base.d:
            raise InputError(f"penalty: dimension {penalty.d}: must be d={base.d}")
        self.base, self.penalty, self.weight = base, penalty, nonnegative("weight", weight)
        self.n, self.d = base.n, base.d
        self.reference = base.reference + self.weight * penalty.reference

    def values(self, X: Array) -> Array:
        return np.asarray(self.base.values(X) + self.weight * self.penalty.value(X)[:, None])

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        return np.asarray(self.base.gradients(X, indices) + self.weight * self.penalty.gradient(X)[:, None, :])

    def value(self, X: Array) -> Array:
        return np.asarray(self.base.value(X) + self.weight * self.penalty.value(X))

    def gradient(self, X: Array) -> Array:
        return np.asarray(self.base.gradient(X) + self.weight * self.penalty.gradient(X))

    def stochastic_gradient(self, X: Array, indices: Indices, weights: Array) -> Array:
        pull = self.weight * weights.sum(axis=-1, keepdims=True) / self.n * self.penalty.gradient(X)
        return np.asarray(self.base.stochastic_gradient(X, indices, weights) + pull)

    @capability
    def as_penalised(self) -> Penalised | None:
        return self

    def gap(self, X: Array) -> Array:
        return np.asarray(self.base.gap(X) + self.weight * self.penalty.gap(X))

    def gap_rounding(self, X: Array) -> Array:
        return np.asarray(self.base.gap_rounding(X) + self.weight * self.penalty.gap_rounding(X))
