"""Eigenvalues of symmetric matrices, proved.

A theorem about a matrix of lower rank is false of the full-rank matrix that rounding makes of it. The rank is that of
the stored numbers, counted in exact arithmetic. Where it is another than the rank up to rounding, the smallest
eigenvalue that is not 0 is enclosed between the two readings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives.rows import Rows, dense

from .interval import Ball, BallMatrix, ball, flint, greatest, matrix, within

#: Larger matrices, or data with more entries or rows, are not certified: minutes instead of seconds.
DIMENSION, ENTRIES, ROWS = 200, 500_000, 50_000
#: Each polishing doubles the digits of the eigenvectors, from those of float64 to those of `interval.PRECISION`.
POLISHINGS = 2
#: Eigenvalues closer than this many times the error are not pulled apart: the correction would not be small.
APART = 1e6
#: Eigenvalues of a sum of matrices below this fraction of the largest are 0 up to rounding, as in `Quadratics`.
NEGLIGIBLE = 1e-12
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Spectrum:
    """The eigenvalues of a symmetric matrix of stored numbers.

    Attributes
    ----------
    values : enclosures, ascending
    negligible : the size up to which rounding can have made an eigenvalue out of 0
    count : counts the eigenvalues that are not 0, in exact arithmetic
    how : the derivation, in words
    """

    values: list[Ball]
    negligible: Ball
    count: Callable[[], int]
    how: str

    @cached_property
    def nonzero(self) -> list[Ball]:
        """The eigenvalues that are not 0, the smallest in absolute value first.

        Raises
        ------
        NotApplicable
            If the ball of one of them contains 0.
        """
        clear = [value for value in self.values if not value.contains(0)]
        if len(clear) < len(self.values) and len(clear) < self.count():
            raise NotApplicable("an eigenvalue that is not 0 cannot be told from 0")
        return sorted(clear, key=lambda value: float(abs(value)))

    @property
    def rank(self) -> int:
        """The number of eigenvalues that are not 0."""
        return len(self.nonzero)

    @property
    def rounding_decides(self) -> bool:
        """Whether an eigenvalue that is not 0 may be 0 up to rounding."""
        return not all(abs(value) > self.negligible for value in self.nonzero)

    @property
    def semidefinite(self) -> bool:
        """Whether none is below 0."""
        return all(value > 0 for value in self.nonzero)

    @property
    def norm(self) -> Ball:
        """The operator norm."""
        return greatest(abs(value) for value in (self.values[0], self.values[-1]))

    @property
    def least_nonzero(self) -> tuple[Ball, Ball]:
        """Bounds on the smallest eigenvalue that is not 0: of the stored numbers, and of those meant."""
        meant = (value for value in self.nonzero if abs(value) > self.negligible)
        return self.nonzero[0], next(meant, self.nonzero[-1])

    @property
    def doubt(self) -> tuple[str, ...]:
        """The line of a derivation that says that rounding decides the rank."""
        if not self.rounding_decides:
            return ()
        return (f"rounding decides the rank: {self.rank} in exact arithmetic, less up to rounding",)


def eigenvalues(M: BallMatrix) -> list[Ball]:
    """Balls around the eigenvalues of a symmetric M, ascending.

    With X near orthogonal and M = Lambda in its columns, Ostrowski's theorem puts the k-th eigenvalue of M within a
    factor [1 - e, 1 + e] of the k-th of X^T M X, where ||X^T X - I|| <= e; and that one is within the norm of
    X^T M X - Lambda of Lambda_k (Weyl).  Norms are bounded by the largest row sum.
    """
    X = eigenvectors(M)
    D, off = X.transpose() * M * X, X.transpose() * X - identity(M.nrows())
    middles = [D[k, k].mid() for k in range(M.nrows())]
    away, e = row_sum_norm(D - diagonal(middles)), row_sum_norm(off)
    return [(middle + within(away)) / (1 + within(e)) for middle in sorted(middles)]


def eigenvectors(M: BallMatrix) -> BallMatrix:
    """Approximate orthonormal eigenvectors of a symmetric M, columns of a matrix of exact balls."""
    middle = np.array([[float(entry) for entry in row] for row in M.tolist()])
    X = matrix(np.linalg.eigh((middle + middle.T) / 2)[1])
    for _ in range(POLISHINGS):
        X = polished(M, X)
    return X


def polished(M: BallMatrix, X: BallMatrix) -> BallMatrix:
    """Better eigenvectors of M than X, except of eigenvalues close together (Ogita & Aishima 2018, Algorithm 1)."""
    size = M.nrows()
    R, S = identity(size) - X.transpose() * X, X.transpose() * M * X
    value = [S[k, k] / (1 - R[k, k]) for k in range(size)]
    error = row_sum_norm(S - diagonal(value)) + row_sum_norm(M) * row_sum_norm(R)

    def correction(i: int, j: int) -> Ball:
        gap = value[j] - value[i]
        return (S[i, j] + value[j] * R[i, j]) / gap if abs(gap) > APART * error else R[i, j] / 2

    return (X + X * matrix([[correction(i, j) for j in range(size)] for i in range(size)])).mid()


def mean_of(matrices: Sequence[Array], what: str) -> Spectrum:
    """The eigenvalues of the mean of symmetric float64 matrices.

    Raises
    ------
    NotApplicable
        If they are too large.
    """
    total = matrix(matrices[0])
    for M in matrices[1:]:
        total += matrix(M)
    mean = (total + total.transpose()) / (2 * len(matrices))

    def rank() -> int:
        whole = integers(np.asarray(matrices)).sum(axis=0)
        return exact_rank(whole + whole.T)

    return _spectrum(mean, NEGLIGIBLE, rank, what)


def gram(A: Rows) -> Spectrum:
    """The eigenvalues of A^T A, or of A A^T where that is smaller (the others are 0); A has shape (n, d).

    Raises
    ------
    NotApplicable
        If A is too large.
    """
    if A.shape[0] * A.shape[1] > ENTRIES or A.shape[0] > ROWS:
        raise NotApplicable(f"A: shape {A.shape}: more than {ENTRIES} entries or {ROWS} rows are not certified")
    A = dense(A)
    rows = matrix(A)
    wide = A.shape[0] < A.shape[1]
    product = rows * rows.transpose() if wide else rows.transpose() * rows
    negligible = (max(A.shape) * EPS) ** 2
    return _spectrum(product, negligible, lambda: exact_rank(integers(A)), "A A^T" if wide else "A^T A")


def _spectrum(M: BallMatrix, negligible: float, count: Callable[[], int], what: str) -> Spectrum:
    """The spectrum of a symmetric M, where rounding reaches up to `negligible` times the largest eigenvalue."""
    if M.nrows() > DIMENSION:
        raise NotApplicable(f"{what}: {M.nrows()} rows: more than {DIMENSION} are not certified")
    values = eigenvalues(M)
    how = f"the eigenvalues of {what} in balls: Ostrowski's and Weyl's theorems around approximate eigenvectors"
    return Spectrum(values, negligible * greatest(abs(value) for value in (values[0], values[-1])), count, how)


def integers(A: Array) -> Array:
    """The entries times a power of 2 that makes them whole numbers, exactly (an array of Python integers)."""
    mantissa, exponent = np.frexp(A)
    shift = np.where(A != 0, exponent - np.min(exponent[A != 0], initial=2000), 0)
    return np.asarray((mantissa * 2.0**53).astype(np.int64).astype(object) << shift.astype(object))


def exact_rank(A: Array) -> int:
    """The rank of a matrix of whole numbers."""
    return int(flint().fmpz_mat(A.tolist()).rank())


def identity(size: int) -> BallMatrix:
    """The identity matrix."""
    return diagonal([ball(1)] * size)


def diagonal(entries: Sequence[Ball]) -> BallMatrix:
    """The diagonal matrix with these entries."""
    return matrix([[entry if i == j else ball(0) for j in range(len(entries))] for i, entry in enumerate(entries)])


def row_sum_norm(M: BallMatrix) -> Ball:
    """A bound on the operator norm of a symmetric M: the largest sum of |entries| of a row."""
    return max(sum((abs(entry).upper() for entry in row), ball(0)).upper() for row in M.tolist())
