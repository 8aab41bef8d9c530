"""Additive noise: f_i(x) = F(x) + <c_i, x> with sum c_i = 0, so g - grad f does not depend on x."""

from __future__ import annotations

import numpy as np

from ..constants import Array
from ..errors import InputError
from .base import FiniteSum, Indices


class Tilted(FiniteSum):
    """f_i(x) = F(x) + <c_i, x>; f = F.

    Parameters
    ----------
    base : the deterministic F, itself a FiniteSum
    tilts : (n, d), the c_i; their mean must vanish (up to rounding, and is removed)
    """

    def __init__(self, base: FiniteSum, tilts: Array) -> None:
        self.base = base
        self.tilts = np.array(tilts, dtype=np.float64)
        if self.tilts.ndim != 2 or self.tilts.shape[1] != base.d or not np.isfinite(self.tilts).all():
            raise InputError(f"tilts: shape {self.tilts.shape}: must be (n, {base.d}) and finite")
        mean = self.tilts.mean(axis=0)
        if np.abs(mean).max() > 1e-12 * (1 + np.abs(self.tilts).max()):
            raise InputError("tilts: their sum must be 0")
        self.tilts -= mean
        self.n, self.d = self.tilts.shape
        self.reference = base.reference

    def values(self, X: Array) -> Array:
        return self.base.value(X)[:, None] + X @ self.tilts.T

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        tilts = self.tilts if indices is None else self.tilts[indices]
        return self.base.gradient(X)[:, None, :] + tilts

    def value(self, X: Array) -> Array:
        return self.base.value(X)

    def gradient(self, X: Array) -> Array:
        return self.base.gradient(X)

    def gap(self, X: Array) -> Array:
        return self.base.gap(X)

    def gap_rounding(self, X: Array) -> Array:
        return self.base.gap_rounding(X)
