"""Eigenvalues of symmetric matrices, proved.

A matrix of lower rank that was rounded to float64 has full rank.  So eigenvalues that rounding can have made out of 0
are taken to be 0, as `LinearModel.rank` does, and what is proved is proved of the matrix of lower rank, at a stated
distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable

from .interval import Ball, BallMatrix, ball, greatest, matrix, within

#: Larger matrices, or data with more entries or rows, are not certified: minutes instead of seconds.
DIMENSION, ENTRIES, ROWS = 200, 500_000, 50_000
#: Each polishing doubles the digits of the eigenvectors, from those of float64 to those of `interval.PRECISION`.
POLISHINGS = 2
#: Eigenvalues closer than this many times the error are not pulled apart: the correction would not be small.
APART = 1e6
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Spectrum:
    """The eigenvalues of a symmetric matrix, ascending; one that is 0 is exactly `ball(0)`.

    Attributes
    ----------
    values : the eigenvalues
    how : how they are known
    rounding : the data are within this distance of the matrix in question, whose rank is that of the numbers meant
    """

    values: list[Ball]
    how: str
    rounding: Ball

    @property
    def rank(self) -> int:
        """The number of eigenvalues that are not 0."""
        return sum(not value.is_zero() for value in self.values)

    @property
    def semidefinite(self) -> bool:
        """Whether none is below 0."""
        return all(value >= 0 for value in self.values)

    @property
    def norm(self) -> Ball:
        """The operator norm."""
        return greatest(abs(value) for value in (self.values[0], self.values[-1]))

    @property
    def least_nonzero(self) -> Ball:
        """The smallest of those that are not 0."""
        return next(value for value in self.values if not value.is_zero())


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


def spectrum(M: BallMatrix, negligible: float, what: str) -> Spectrum:
    """The eigenvalues of a symmetric M; those within `negligible` times the largest count as 0.

    Raises
    ------
    NotApplicable
        If M is too large.
    """
    if M.nrows() > DIMENSION:
        raise NotApplicable(f"{what}: {M.nrows()} rows: more than {DIMENSION} are not certified")
    values = eigenvalues(M)
    how = f"the eigenvalues of {what} in balls: Ostrowski's and Weyl's theorems around approximate eigenvectors"
    threshold = negligible * greatest(abs(value) for value in (values[0], values[-1]))
    lost = [abs(value).upper() for value in values if abs(value).upper() <= threshold.lower()]
    kept = [ball(0) if abs(value).upper() <= threshold.lower() else value for value in values]
    return Spectrum(kept, how, max(lost, default=ball(0)))


def mean_of(matrices: Sequence[Array], what: str) -> Spectrum:
    """The eigenvalues of the mean of symmetric float64 matrices.

    Raises
    ------
    NotApplicable
        As `spectrum`.
    """
    total = matrix(matrices[0])
    for M in matrices[1:]:
        total += matrix(M)
    mean = (total + total.transpose()) / (2 * len(matrices))
    return told(spectrum(mean, len(matrices[0]) * EPS, what), what)


def gram(A: Array) -> Spectrum:
    """The eigenvalues of A^T A, or of A A^T where that is smaller (the others are 0); A is float64, of shape (n, d).

    `rounding` is the distance from A to the matrix whose small singular values are 0.

    Raises
    ------
    NotApplicable
        As `spectrum`, or if A is too large.
    """
    if A.size > ENTRIES or len(A) > ROWS:
        raise NotApplicable(f"A: shape {A.shape}: more than {ENTRIES} entries or {ROWS} rows are not certified")
    rows = matrix(A)
    wide = A.shape[0] < A.shape[1]
    product = rows * rows.transpose() if wide else rows.transpose() * rows
    found = spectrum(product, (max(A.shape) * EPS) ** 2, "A A^T" if wide else "A^T A")
    return told(replace(found, rounding=found.rounding.sqrt()), "A")


def told(found: Spectrum, what: str) -> Spectrum:
    """The spectrum, with the sentence that says of which matrix it is."""
    if found.rounding.is_zero():
        return found
    distance = f"{what} is within {float(found.rounding):.1e} of a matrix of rank {found.rank}, rounding it"
    return replace(found, how=f"{found.how}; {distance}, and what follows is proved of that matrix")


def identity(size: int) -> BallMatrix:
    """The identity matrix."""
    return diagonal([ball(1)] * size)


def diagonal(entries: Sequence[Ball]) -> BallMatrix:
    """The diagonal matrix with these entries."""
    return matrix([[entry if i == j else ball(0) for j in range(len(entries))] for i, entry in enumerate(entries)])


def row_sum_norm(M: BallMatrix) -> Ball:
    """A bound on the operator norm of a symmetric M: the largest sum of |entries| of a row."""
    return max(sum((abs(entry).upper() for entry in row), ball(0)).upper() for row in M.tolist())
