"""Additive noise: f_i(x) = F(x) + <c_i, x> with sum c_i = 0, so g - grad f does not depend on x."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.constants import Constant, exact
from samtheory.errors import InputError

from .base import FiniteSum, capability
from .hessians import CommonHessian
from .rotation import Rotation

if TYPE_CHECKING:
    from samtheory.sampling.law import Law


class Tilted(FiniteSum):
    """f_i(x) = F(x) + <c_i, x>; f = F.

    Parameters
    ----------
    base : the deterministic F, itself a FiniteSum
    tilts : (n, d), the c_i; their mean must vanish (up to rounding, and is removed)

    Raises
    ------
    InputError
        If the shape is wrong, an entry is not finite, or the sum is not 0.
    """

    def __init__(self, base: FiniteSum, tilts: Array) -> None:
        self.base = base
        self.tilts = np.array(tilts, dtype=np.float64)
        if self.tilts.ndim != 2 or self.tilts.shape[1] != base.d or not np.isfinite(self.tilts).all():
            raise InputError(f"tilts: shape {self.tilts.shape}: must be (n, {base.d}) and finite")
        if base.n != 1:
            raise InputError(f"base: n={base.n}: must be a single function, n=1")
        mean = self.tilts.mean(axis=0)
        if np.abs(mean).max() > 1e-12 * np.abs(self.tilts).max():
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

    @capability
    def as_tilted(self) -> Tilted | None:
        return self

    @capability
    def hessians(self) -> CommonHessian | None:
        base = self.base.hessians()
        return None if base is None else CommonHessian(base.minimiser, base, self.n)

    @capability
    def rotation(self) -> Rotation | None:
        return self.base.rotation()

    def expected_residual(self, law: Law) -> dict[str, Constant] | None:
        """The smallest A, B and C under a law with K 1 a multiple of 1; None for any other.

        g = m grad f + (1/n) sum v_i c_i with m = (1/n) sum v_i.  From E[v v^T] = B 11^T + K and sum c_i = 0, the
        mixed term is E[m (1/n) sum v_i c_i] = (1/n^2) sum_i (K 1)_i c_i, which is 0 for K 1 a multiple of 1.  What
        remains is an identity: E||g||^2 = E m^2 ||grad f||^2 + (1/n^2) sum K_ij <c_i, c_j>.  Where m = 1 almost surely
        (uniform, nice, replacement, full), E m^2 = 1 and the variance of g is exactly C.
        """
        rows = law.spread(np.ones(self.n))
        if np.ptp(rows) > 1e-12 * rows.max(initial=0.0):
            return None
        m2 = law.mean_square(np.ones(self.n))
        return {
            "A": exact(0.0, "identity"),
            "B": exact(1.0 if abs(m2 - 1) < 1e-12 else m2, "E m^2, m = (1/n) sum v_i"),
            "C": exact(np.sum(self.tilts * law.spread(self.tilts)) / self.n**2, "(1/n^2) sum K_ij <c_i, c_j>"),
        }
