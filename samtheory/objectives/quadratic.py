"""Quadratics with matrices, f_i(x) = (x - c_i)^T H_i (x - c_i) / 2."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import InputError

from .base import FiniteSum, capability
from .hessians import DenseHessians


class Quadratics(FiniteSum):
    """f_i(x) = (x - c_i)^T H_i (x - c_i) / 2 with symmetric H_i, their mean H positive semidefinite.

    Parameters
    ----------
    H : (n, d, d)
    centres : (n, d), the c_i

    Raises
    ------
    InputError
        If shapes disagree, an entry is not finite, an H_i is not symmetric, or f is unbounded below.
    """

    def __init__(self, H: Array, centres: Array) -> None:
        self.H = np.ascontiguousarray(H, dtype=np.float64)
        self.centres = np.ascontiguousarray(centres, dtype=np.float64)
        n, d = self.centres.shape if self.centres.ndim == 2 else (0, 0)
        if n == 0 or self.H.shape != (n, d, d):
            raise InputError(f"H, centres: shapes {self.H.shape}, {self.centres.shape}: must be (n, d, d) and (n, d)")
        if not (np.isfinite(self.H).all() and np.isfinite(self.centres).all()):
            raise InputError("H, centres: every entry must be finite")
        if np.abs(self.H - self.H.transpose(0, 2, 1)).max() > 1e-13 * np.abs(self.H).max():
            raise InputError("H: every matrix must be symmetric")
        self.H = (self.H + self.H.transpose(0, 2, 1)) / 2
        self.n, self.d = n, d
        self._size = float(np.linalg.norm(self.H, axis=(1, 2)).mean())
        self._pull_size = float(np.linalg.norm(self.H @ self.centres[..., None], axis=1).mean())
        if self.eigenvalues[0] < -1e-12 * self._size:
            raise InputError(f"H: smallest eigenvalue of the mean is {self.eigenvalues[0]:g}: must be at least 0")
        if self.stationarity(self.minimiser) > 1e-9 * self._pull_size:
            raise InputError("H, centres: the mean of H_i c_i must be in the range of the mean of H_i, or inf f = -inf")

    def values(self, X: Array) -> Array:
        Z = X[:, None, :] - self.centres
        return np.asarray(0.5 * np.einsum("rni,rni->rn", Z, np.einsum("nij,rnj->rni", self.H, Z)))

    def gradients(self, X: Array, indices: Indices | None = None) -> Array:
        if indices is None:
            return np.asarray(((X - self.centres[:, None]) @ self.H).swapaxes(0, 1))  # a product of matrices for each i
        return np.asarray(np.einsum("rmij,rmj->rmi", self.H[indices], X[:, None, :] - self.centres[indices]))

    def gradient(self, X: Array) -> Array:
        return np.asarray((X - self.minimiser) @ self.mean_hessian)

    @capability
    def as_quadratics(self) -> Quadratics | None:
        return self

    @capability
    def hessians(self) -> DenseHessians | None:
        return DenseHessians(self.minimiser, self.H)

    @cached_property
    def mean_hessian(self) -> Array:
        """H = (1/n) sum H_i, shape (d, d)."""
        return np.asarray(self.H.mean(axis=0))

    @cached_property
    def eigenvalues(self) -> Array:
        """The eigenvalues of H, ascending, shape (d,)."""
        return np.asarray(np.linalg.eigvalsh(self.mean_hessian))

    @cached_property
    def component_smoothness(self) -> Array:
        """L_i = ||H_i||, shape (n,)."""
        return np.asarray(np.abs(np.linalg.eigvalsh(self.H)).max(axis=1))

    @cached_property
    def least_nonzero(self) -> float:
        """The smallest eigenvalue of H that is not 0 up to rounding."""
        return float(min(self.eigenvalues[self.eigenvalues > 1e-12 * self._size], default=np.inf))

    @cached_property
    def minimiser(self) -> Array:
        """The minimiser of least norm: (sum H_i) x = sum H_i c_i, shape (d,)."""
        pull = np.einsum("nij,nj->i", self.H, self.centres) / self.n
        return np.asarray(np.linalg.lstsq(self.mean_hessian, pull, rcond=1e-12)[0])

    @cached_property
    def reference(self) -> float:  # type: ignore[override]
        """f at the minimiser."""
        return float(self.values(self.minimiser[None]).mean())

    def gap(self, X: Array) -> Array:
        Z = X - self.minimiser
        return np.asarray(0.5 * np.einsum("ri,ri->r", Z @ self.mean_hessian, Z))

    def gap_rounding(self, X: Array) -> Array:
        away, x_star = np.linalg.norm(X - self.minimiser, axis=-1), np.linalg.norm(self.minimiser)
        lost = 8 * self.d * np.finfo(float).eps * (self._size * (away + x_star) + self._pull_size)
        return np.asarray(away * lost + lost**2 / self.least_nonzero)
