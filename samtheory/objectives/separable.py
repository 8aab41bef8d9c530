"""Separable PL sums in rotated coordinates, F(x) = sum_j w_j (y_j^2 + a sin^2 y_j) with y = Q x."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import InputError, nonnegative

from .base import FiniteSum, capability
from .rotation import Rotation


class SineSum(FiniteSum):
    """F(x) = sum_j w_j (y_j^2 + a sin^2 y_j), y = Q x; one component (n = 1), minimum 0 at x = 0.

    Parameters
    ----------
    w : (d,) positive weights
    Q : (d, d) orthogonal
    a : amplitude >= 0 of the sine; non-convex for a > 1, PL for a < 4.6033
    """

    n = 1

    def __init__(self, w: Array, Q: Array, a: float = 3.0) -> None:
        self.w = np.asarray(w, dtype=np.float64)
        self.Q = np.asarray(Q, dtype=np.float64)
        self.a = nonnegative("a", a)
        self.d = self.w.size
        if self.w.ndim != 1 or not ((self.w > 0) & np.isfinite(self.w)).all():
            raise InputError("w: every weight must be a finite number above 0")
        if self.Q.shape != (self.d, self.d) or not np.allclose(self.Q @ self.Q.T, np.eye(self.d), atol=1e-12):
            raise InputError(f"Q: must be an orthogonal ({self.d}, {self.d}) matrix")

    def values(self, X: Array) -> Array:
        Y = X @ self.Q.T
        return ((Y**2 + self.a * np.sin(Y) ** 2) @ self.w)[:, None]

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        gradient = self.gradient(X)[:, None, :]
        return gradient if indices is None else np.repeat(gradient, indices.shape[1], axis=1)

    def gradient(self, X: Array) -> Array:
        Y = X @ self.Q.T
        return (self.w * (2 * Y + self.a * np.sin(2 * Y))) @ self.Q

    @capability
    def as_sine_sum(self) -> SineSum | None:
        return self

    @capability
    def rotation(self) -> Rotation | None:
        return Rotation(self.Q.T, np.zeros(self.d), 2 * self.w, self.w * self.a)

    def gap_rounding(self, X: Array) -> Array:
        # y = Q x is wrong by eps ||x||, which the smallest y_j feel the most.
        return np.asarray(64 * self.d * np.finfo(float).eps * self.w.max() * np.sum(X * X, axis=-1))
