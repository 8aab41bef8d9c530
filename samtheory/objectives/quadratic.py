"""Quadratics with matrices, f_i(x) = (x - c_i)^T H_i (x - c_i) / 2."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..constants import Array
from ..errors import InputError
from .base import FiniteSum, Indices


class Quadratics(FiniteSum):
    """f_i(x) = (x - c_i)^T H_i (x - c_i) / 2 with symmetric H_i, their mean H positive semidefinite.

    Parameters
    ----------
    H : (n, d, d)
    centres : (n, d), the c_i

    Raises
    ------
    InputError
        If shapes disagree, an entry is not finite, or an H_i is not symmetric.
    """

    def __init__(self, H: Array, centres: Array) -> None:
        self.H = np.ascontiguousarray(H, dtype=np.float64)
        self.centres = np.ascontiguousarray(centres, dtype=np.float64)
        n, d = self.centres.shape if self.centres.ndim == 2 else (0, 0)
        if n == 0 or self.H.shape != (n, d, d):
            raise InputError(f"H, centres: shapes {self.H.shape}, {self.centres.shape}: must be (n, d, d) and (n, d)")
        if not (np.isfinite(self.H).all() and np.isfinite(self.centres).all()):
            raise InputError("H, centres: every entry must be finite")
        if not np.allclose(self.H, self.H.transpose(0, 2, 1), rtol=1e-13, atol=0):
            raise InputError("H: every matrix must be symmetric")
        self.n, self.d = n, d
        self.pull = np.einsum("nij,nj->ni", self.H, self.centres)

    def values(self, X: Array) -> Array:
        Z = X[:, None, :] - self.centres
        return 0.5 * np.einsum("rni,nij,rnj->rn", Z, self.H, Z, optimize=True)

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        if indices is None:
            return np.einsum("nij,rj->rni", self.H, X) - self.pull
        return np.einsum("rmij,rj->rmi", self.H[indices], X) - self.pull[indices]

    def gradient(self, X: Array) -> Array:
        return (X - self.minimiser) @ self.mean_hessian

    @cached_property
    def mean_hessian(self) -> Array:
        """H = (1/n) sum H_i, shape (d, d)."""
        return self.H.mean(axis=0)

    @cached_property
    def eigenvalues(self) -> Array:
        """The eigenvalues of H, ascending, shape (d,)."""
        return np.linalg.eigvalsh(self.mean_hessian)

    @cached_property
    def component_smoothness(self) -> Array:
        """L_i = ||H_i||, shape (n,)."""
        return np.abs(np.linalg.eigvalsh(self.H)).max(axis=1)

    @cached_property
    def minimiser(self) -> Array:
        """The minimiser of least norm: (sum H_i) x = sum H_i c_i, shape (d,)."""
        return np.asarray(np.linalg.lstsq(self.mean_hessian, self.pull.mean(axis=0), rcond=None)[0])

    @cached_property
    def reference(self) -> float:  # type: ignore[override]
        """f at the minimiser."""
        return float(self.values(self.minimiser[None]).mean())

    def gap(self, X: Array) -> Array:
        Z = X - self.minimiser
        return 0.5 * np.einsum("ri,ij,rj->r", Z, self.mean_hessian, Z, optimize=True)

    def gap_rounding(self, X: Array) -> Array:
        eps = np.finfo(float).eps
        scale = np.sum((X - self.minimiser) ** 2, axis=-1) + eps * (self.minimiser @ self.minimiser)
        return 64 * eps * self.d * self.eigenvalues[-1] * scale
