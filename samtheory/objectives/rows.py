"""The rows a_i of a linear model, dense or sparse (CSR): the operations that differ between the two.

`A @ X`, `A.T` and slices of rows are written the same for both, and are not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from samtheory._typing import Array, Indices

#: A float64 array of shape (n, d), or a `scipy.sparse.csr_array` of it.
Rows = Any

#: Numbers held at once while all rows are multiplied with several points.
BLOCK = 4_000_000


def as_rows(A: Any) -> Rows:
    """A as contiguous float64 rows; sparse matrices as CSR without duplicates, their indices sorted."""
    if not hasattr(A, "tocsr"):
        return np.ascontiguousarray(A, dtype=np.float64)
    from scipy.sparse import csr_array  # slow to import

    rows = csr_array(A, dtype=np.float64)
    if not rows.has_canonical_format:
        rows = rows.copy()
        rows.sum_duplicates()
    return rows


def is_sparse(A: Rows) -> bool:
    """Whether the rows are CSR."""
    return not isinstance(A, np.ndarray)


def stored(A: Rows) -> Array:
    """The numbers that are stored, in one array."""
    return np.asarray(A.data if is_sparse(A) else A)


def dense(A: Rows) -> Array:
    """The rows as an array."""
    return np.asarray(A.toarray() if is_sparse(A) else A)


def norms2(A: Rows) -> Array:
    """||a_i||^2, shape (n,)."""
    if is_sparse(A):
        return np.asarray(A.multiply(A).sum(axis=1)).ravel()
    return np.asarray(np.einsum("nd,nd->n", A, A))


def entries(A: Rows) -> Indices:
    """The number of stored entries of each row, shape (n,)."""
    return np.diff(A.indptr).astype(np.intp) if is_sparse(A) else np.full(A.shape[0], A.shape[1])


def taken(A: Rows, indices: Indices) -> Array:
    """The rows a_i as an array of shape (*indices.shape, d)."""
    if is_sparse(A):
        return np.asarray(A[indices.ravel()].toarray().reshape(*indices.shape, A.shape[1]))
    return np.asarray(A[indices])


def products(A: Rows, indices: Indices, X: Array) -> Array:
    """a_i.x_r for the indices of each row of X, indices of shape (R, m); shape (R, m)."""
    if not is_sparse(A):
        return np.asarray(np.einsum("rmd,rd->rm", A[indices], X))
    some = A[indices.ravel()]
    row = np.repeat(np.arange(indices.size), np.diff(some.indptr))
    terms = some.data * X[row // indices.shape[1], some.indices]
    return np.asarray(np.bincount(row, terms, minlength=indices.size), dtype=np.float64).reshape(indices.shape)


def combined(A: Rows, indices: Indices, C: Array) -> Array:
    """sum_m C[r, m] a_i with i = indices[r, m], indices and C of shape (R, m); shape (R, d)."""
    if not is_sparse(A):
        return np.asarray(np.einsum("rm,rmd->rd", C, A[indices]))
    from scipy.sparse import csr_array  # slow to import

    R, m = indices.shape
    picked = csr_array((C.ravel(), indices.ravel(), np.arange(0, R * m + 1, m)), shape=(R, A.shape[0]))
    return np.asarray((picked @ A).toarray())


def blocks(n: int, points: int) -> Iterator[slice]:
    """Slices of the rows such that each, with so many points, takes at most `BLOCK` numbers; one slice if possible."""
    size = max(1, BLOCK // max(points, 1))
    return (slice(k, min(k + size, n)) for k in range(0, n, size))


def part(A: Rows, block: slice) -> Rows:
    """The rows of a block; A itself for all of them, which are not copied."""
    whole = block == slice(None) or (block.start == 0 and block.stop == A.shape[0])
    return A if whole else A[block]


def diagonal(A: Rows, weights: Array) -> Array:
    """The diagonal of A^T Diag(weights) A, shape (d,)."""
    if is_sparse(A):
        terms = A.data**2 * np.repeat(weights, entries(A))
        return np.asarray(np.bincount(A.indices, terms, minlength=A.shape[1]), dtype=np.float64)
    return np.asarray(np.einsum("n,nd,nd->d", weights, A, A))
