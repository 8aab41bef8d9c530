"""Random ingredients of test problems whose constants are known beforehand."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.errors import finite, reject


def log_spaced(count: int, condition: float, top: float = 1.0) -> Array:
    """`count` numbers from top/condition to top, evenly spaced on a logarithmic scale, shape (count,); one is top.

    Raises
    ------
    InputError
        If `condition` is not a finite number of at least 1.
    """
    allowed = "a finite number, at least 1"
    if finite("param condition", condition, allowed) < 1:
        raise reject("param condition", condition, allowed)
    return np.geomspace(top, top / condition, count)[::-1]


def orthonormal(rows: int, columns: int, rng: np.random.Generator) -> Array:
    """A random matrix of shape (rows, columns), rows >= columns, with orthonormal columns."""
    return np.asarray(np.linalg.qr(rng.standard_normal((rows, columns)))[0])


def rows_with_spectrum(n: int, d: int, eigenvalues: Array, rng: np.random.Generator) -> Array:
    """A random A of shape (n, d) whose A^T A/n has these eigenvalues, at most min(n, d) of them, and else 0."""
    rank = len(eigenvalues)
    return (orthonormal(n, rank, rng) * np.sqrt(n * eigenvalues)) @ orthonormal(d, rank, rng).T


def centred(n: int, d: int, size: float, rng: np.random.Generator) -> Array:
    """Random vectors c_i, shape (n, d), n >= 2, with sum c_i = 0 and mean ||c_i||^2 = size^2."""
    c = rng.standard_normal((n, d))
    c -= c.mean(axis=0)
    return np.asarray(c * (size / np.sqrt(np.mean(np.sum(c**2, axis=1)))))


def labelled_rows(n: int, d: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Gaussian rows A, shape (n, d), and labels, shape (n,): +1 where a_i . x_true + noise is above its median."""
    A = rng.standard_normal((n, d))
    score = A @ rng.standard_normal(d) + noise * rng.standard_normal(n)
    return A, np.where(score > np.median(score), 1.0, -1.0)
