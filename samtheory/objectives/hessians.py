"""Hessians of quadratic finite sums: f_i has a constant Hessian H_i."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.execution.time_limit import apart

EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Hessians(ABC):
    """The Hessians H_i of a quadratic finite sum.

    Attributes
    ----------
    minimiser : a minimiser of f, shape (d,)
    """

    minimiser: Array

    @abstractmethod
    def basis(self) -> Array:
        """Orthonormal columns, shape (d, r), that span the directions in which some f_i is curved."""

    @abstractmethod
    def mean(self, U: Array | None = None) -> Array:
        """U^T H U with H = (1/n) sum H_i, shape (r, r); H itself where U is not given."""

    @abstractmethod
    def sampled(self, indices: Indices, weights: Array, U: Array) -> Array:
        """U^T H_v U with H_v = (1/n) sum v_i H_i for K draws of shape (K, m), shape (K, r, r)."""

    @abstractmethod
    def entries(self, r: int) -> int:
        """The number of entries that `sampled` gathers for each index of a draw."""

    @abstractmethod
    def each(self) -> Array:
        """All H_i, shape (n, d, d)."""


@dataclass(frozen=True, eq=False)
class RankOneHessians(Hessians):
    """H_i = a_i a_i^T + reg I, with the a_i as the rows of A, shape (n, d)."""

    A: Array
    reg: float

    def basis(self) -> Array:
        rows = np.vstack([self.A, np.sqrt(self.reg) * np.eye(self.A.shape[1])]) if self.reg else self.A
        return row_space(rows)

    def mean(self, U: Array | None = None) -> Array:
        rows = self.A if U is None else self.A @ U
        return np.asarray(rows.T @ rows / len(rows) + self.reg * np.eye(rows.shape[1]))

    def sampled(self, indices: Indices, weights: Array, U: Array) -> Array:
        rows, n = (self.A @ U)[indices], len(self.A)
        outer = np.swapaxes(rows * weights[..., None], 1, 2) @ rows / n
        total = weights.sum(axis=1)[:, None, None] / n
        return np.asarray(outer + total * self.reg * np.eye(U.shape[1]))

    def entries(self, r: int) -> int:
        return int(self.A.shape[1])

    def each(self) -> Array:
        return np.asarray(self.A[:, :, None] * self.A[:, None, :] + self.reg * np.eye(self.A.shape[1]))


@dataclass(frozen=True, eq=False)
class DenseHessians(Hessians):
    """The H_i as matrices, H of shape (n, d, d)."""

    H: Array

    def basis(self) -> Array:
        return row_space(self.H.reshape(-1, self.H.shape[-1]))

    def mean(self, U: Array | None = None) -> Array:
        mean = self.H.mean(axis=0)
        return np.asarray(mean if U is None else U.T @ mean @ U)

    def sampled(self, indices: Indices, weights: Array, U: Array) -> Array:
        inside = np.einsum("ia,nij,jb->nab", U, self.H, U, optimize=True)
        return np.asarray(np.einsum("km,kmab->kab", weights, inside[indices]) / len(self.H))

    def entries(self, r: int) -> int:
        return r**2

    def each(self) -> Array:
        return self.H


@dataclass(frozen=True, eq=False)
class CommonHessian(Hessians):
    """The same Hessian for each of n components: that of the mean of another quadratic sum."""

    base: Hessians
    n: int

    def basis(self) -> Array:
        return self.base.basis()

    def mean(self, U: Array | None = None) -> Array:
        return self.base.mean(U)

    def sampled(self, indices: Indices, weights: Array, U: Array) -> Array:
        return np.asarray(weights.sum(axis=1)[:, None, None] / self.n * self.mean(U))

    def entries(self, r: int) -> int:
        return len(self.minimiser)

    def each(self) -> Array:
        mean = self.mean()
        return np.broadcast_to(mean, (self.n, *mean.shape))


def row_space(rows: Array) -> Array:
    """An orthonormal basis, shape (d, r), of the span of the rows; the identity where they span everything."""
    _, singular, V = apart(np.linalg.svd, rows, full_matrices=False)
    rank = int((singular > max(rows.shape) * EPS * singular[0]).sum())
    d = rows.shape[1]
    return np.eye(d) if rank == d else np.asarray(V[:rank].T)
