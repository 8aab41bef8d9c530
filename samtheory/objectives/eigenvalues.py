"""Bounds on the extreme eigenvalues of A^T A/n that hold for large, dense or sparse rows.

Largest, from above, the first route that applies:

* A >= 0: Collatz-Wielandt. M = A^T A/n has no negative entry, so lambda_max <= max_j (M v)_j/v_j for any v > 0.
* min(n, d) <= `CHOLESKY`: if floating-point Cholesky of c I - G ends, lambda_max <= c plus error terms (Higham 2002,
  Theorem 10.3; Rump 2006).
* Else Lanczos from a random start: a bound that fails with probability at most `FAILURE` (van Dorsselaer,
  Hochstenbach, van der Vorst 2000), whose floating point is not proved.

Smallest, from below: Cholesky of G - s I for d <= min(n, `CHOLESKY`), else 0.
"""

from __future__ import annotations

import math

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constant
from samtheory.execution.time_limit import apart, keep_time

from .rows import Rows, dense, entries, is_sparse, norms2, stored

UNIT = 2.0**-53
#: The largest order of a matrix that is factorised.
CHOLESKY = 3000
#: The probability that a bound of the last route fails; its most steps, and the excess at which it ends before.
FAILURE, STEPS, SETTLED = 1e-10, 300, 1e-9
#: Power steps of Collatz-Wielandt; the excess over a Rayleigh quotient at which they end; the smallest entry of v.
POWER, TIGHT, FLOOR = 200, 1e-10, 1e-60
#: Entries of A in this range have squares, and products with entries of v, that neither underflow nor overflow.
RANGE = 1e-60, 1e60
#: Rows whose products are added up at once.
ROWS = 4096
#: Distances to the eigenvalue at which a factorisation is tried, relative to the largest eigenvalue.
TRIED = (1e-12, 1e-10, 1e-8, 1e-6, 1e-4)


def gamma(k: float) -> float:
    """k u/(1 - k u): the relative error of k roundings."""
    return k * UNIT / (1 - k * UNIT)


def largest(A: Rows) -> Constant:
    """An upper bound on lambda_max(A^T A/n), with how it is known."""
    numbers = stored(A)
    sizes = np.abs(numbers[numbers != 0])
    if len(sizes) == 0:
        return Constant(0.0, "certified", "A = 0")
    if numbers.min() >= 0 and RANGE[0] <= sizes.min() and sizes.max() <= RANGE[1]:
        return Constant(collatz_wielandt(A), "certified", "A >= 0: max (M v)_j/v_j, M = A^T A/n, Collatz-Wielandt")
    if min(A.shape) <= CHOLESKY:
        return Constant(by_cholesky(A), "certified", "Cholesky of c I - A^T A/n with error bounds")
    return Constant(by_lanczos(A), "statistical", f"Lanczos, random start: fails with probability <= {FAILURE:g}")


def smallest(A: Rows) -> Constant:
    """A lower bound on lambda_min(A^T A/n), 0 where no better one is certified, with how it is known."""
    n, d = A.shape
    if n < d or d > CHOLESKY:
        return Constant(0.0, "certified", "lambda_min >= 0")
    G, error = gram(A)
    values = apart(np.linalg.eigvalsh, G)
    for distance in TRIED:
        s = values[0] - distance * values[-1]
        if s <= 0:
            break
        lost = factor_error(G, -s) + error
        if factorises(G - s * np.eye(d)) and s > lost:
            return Constant(np.nextafter(s - lost, 0.0), "certified", "Cholesky of A^T A/n - s I with error bounds")
    return Constant(0.0, "certified", "lambda_min >= 0")


def narrow(A: Rows) -> Rows:
    """A or A^T, whichever has the fewer columns: the eigenvalues of B^T B that are not 0 are the same."""
    return A.T if A.shape[0] < A.shape[1] else A


def depth(A: Rows) -> int:
    """The most roundings in an entry of B^T (B v): the entries of a row and of a column of A."""
    columns = np.bincount(A.indices, minlength=A.shape[1]).max() if is_sparse(A) else A.shape[0]
    return int(entries(A).max() + columns)


def collatz_wielandt(A: Rows) -> float:
    """max_j (M v)_j/v_j for M = A^T A/n >= 0 and a v > 0 from power steps, rounded up."""
    B = narrow(A)
    v = np.ones(B.shape[1])
    bound = np.inf
    for _ in range(POWER):
        keep_time()
        w = B.T @ (B @ v) / A.shape[0]
        bound = min(bound, float((w / v).max()))
        if bound <= float(v @ w) / float(v @ v) * (1 + TIGHT):
            break
        v = np.maximum(w / w.max(), FLOOR)
    return float(np.nextafter(bound * (1 + gamma(depth(A) + 6)), np.inf))


def rayleigh(A: Rows) -> float:
    """A lower bound on lambda_max(A^T A/n): a Rayleigh quotient after power steps, rounded down."""
    B = narrow(A)
    v = np.random.default_rng(0).standard_normal(B.shape[1])
    for _ in range(POWER):
        keep_time()
        w = B.T @ (B @ v)
        if not w.any() or float(v @ w) ** 2 >= float(v @ v) * float(w @ w) * (1 - TIGHT):
            break
        v = w / np.linalg.norm(w)
    u = B @ v
    lost = gamma(4 * depth(A) + 8 + 2 * len(v) + 2 * len(u))
    return float(float(u @ u) / float(v @ v) / A.shape[0] * (1 - lost))


def gram(A: Rows) -> tuple[Array, float]:
    """G = fl(B^T B/n), B = A or A^T with the fewer columns, and a bound on ||G - B^T B/n||."""
    n, B = A.shape[0], narrow(A)
    if B is A:
        G = np.zeros((B.shape[1], B.shape[1]))
        for k in range(0, n, ROWS):
            keep_time()
            block = dense(A[k : k + ROWS])
            G += block.T @ block
        terms = min(ROWS, n) + n // ROWS + 3
    else:
        G = dense(A @ A.T)
        terms = int(entries(A).max()) + 3
    trace = float(norms2(A).sum()) / n * (1 + gamma(depth(A) + n))
    return G / n, gamma(terms) * trace


def factor_error(G: Array, shift: float) -> float:
    """The error of the statement that G + shift I is positive semidefinite where its Cholesky factorisation ends."""
    H = np.abs(np.diag(G) + shift)
    return 2 * gamma(2 * len(G) + 4) * float(H.sum()) + 2 * UNIT * (abs(shift) + float(np.diag(G).max()))


def factorises(H: Array) -> bool:
    """Whether the Cholesky factorisation of H ends, in floating point."""
    from scipy.linalg import cholesky  # slow to import

    keep_time()
    try:
        cholesky(H, lower=True, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError:
        return False
    return True


def by_cholesky(A: Rows) -> float:
    """c + error terms, for the smallest c tried at which c I - G factorises; the trace of A^T A/n if there is none."""
    from scipy.linalg import eigvalsh  # slow to import

    G, error = gram(A)
    top = float(eigvalsh(G, subset_by_index=[len(G) - 1, len(G) - 1])[0])
    for distance in TRIED:
        c = top * (1 + distance)
        if factorises(c * np.eye(len(G)) - G):
            return float(np.nextafter(c + factor_error(-G, c) + 2 * UNIT * top + error, np.inf))
    return float(np.trace(G)) * (1 + gamma(len(G))) + error


def by_lanczos(A: Rows) -> float:
    """An upper bound that fails with probability at most `FAILURE`, for a start that is uniform on the sphere.

    The monic Lanczos polynomial p_k has ||p_k(M) b|| = beta_1...beta_k, and |<b, v_1>| >= t with the probability
    1 - FAILURE, t = FAILURE sqrt(pi/(2 m)): so p_k(lambda_max) <= beta_1...beta_k/t.
    """
    B, n = narrow(A), A.shape[0]
    m = B.shape[1]
    b = np.random.default_rng(0).standard_normal(m)
    basis = np.empty((min(STEPS, m) + 1, m))
    basis[0] = b / np.linalg.norm(b)
    alpha, beta = [], []
    bound, log_t = np.inf, math.log(FAILURE * math.sqrt(math.pi / (2 * m)))
    for k in range(len(basis) - 1):
        keep_time()
        w = B.T @ (B @ basis[k]) / n
        alpha.append(float(w @ basis[k]))
        for _ in range(2):
            w -= basis[: k + 1].T @ (basis[: k + 1] @ w)
        beta.append(float(np.linalg.norm(w)))
        ritz = np.linalg.eigvalsh(np.diag(alpha) + np.diag(beta[:-1], 1) + np.diag(beta[:-1], -1))
        if beta[-1] <= UNIT * ritz[-1]:
            return float(ritz[-1] * (1 + 1e-12))
        bound = min(bound, root_above(ritz, float(np.log(beta).sum()) - log_t))
        if bound <= ritz[-1] * (1 + SETTLED):
            break
        basis[k + 1] = w / beta[-1]
    return float(bound * (1 + 1e-12))


def root_above(ritz: Array, level: float) -> float:
    """The x > max ritz at which sum log(x - ritz) = level."""
    from scipy.optimize import brentq  # slow to import

    top = float(ritz[-1])
    low = top * (1 + 4 * UNIT)
    high = top + math.exp(level / len(ritz)) + 1e-300

    def above(x: float) -> float:
        return float(np.log(np.maximum(x - ritz, 1e-300)).sum()) - level

    return low if above(low) >= 0 else float(brentq(above, low, max(high, 2 * low), xtol=1e-15 * top, rtol=1e-14))
