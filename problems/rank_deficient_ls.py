"""Rank-deficient least squares, f_i(x) = (a_i.x - b_i)^2/2: convex, PL, not strongly convex.

Synthetic rows: rank(A) = rank < d, the non-zero eigenvalues of A^T A/n from 1/condition to 1, targets
b = A x_true + noise.  With rows of your own, `n`, `d`, `rank`, `condition`, `noise` and `seed` play no part; A must be
rank deficient (else see ridge with reg = 0).

Constants: L_i = ||a_i||^2 and L = lambda_max(A^T A)/n.  For any minimiser x*, f - f* = ||A (x - x*)||^2/(2n) and
grad f = A^T A (x - x*)/n, so mu is the smallest eigenvalue of A^T A/n that is not 0 (on the others both vanish).
f* = ||b - A x*||^2/(2n); inf f_i = 0 where a_i is not 0, b_i^2/2 where it is.
"""

import numpy as np

from samtheory import InputError, LinearModel, Problem, exact
from samtheory.errors import nonnegative, reject, whole
from samtheory.objectives.synthetic import log_spaced, rows_with_spectrum


def problem(rows) -> Problem:
    A, b = rows
    f = LinearModel(A, b, "squared")
    if not 0 < f.rank < f.d:
        raise InputError(f"data: A has rank {f.rank}: must be above 0 and below d={f.d} (else see ridge with reg=0)")
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "||a_i||^2"),
        L=exact(f.smoothness, "lambda_max(A^T A)/n"),
        mu=exact(f.least_nonzero, "smallest non-zero eigenvalue of A^T A/n"),
        f_inf=f.infimum(f.minimiser, f.least_nonzero, "least squares"),
        f_i_inf=exact(f.component_infima, "0 at a_i.x = b_i"),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components"}),
        source="closed formulas; Karimi, Nutini, Schmidt 2016",
    )


def synthetic(
    n: int = 8, d: int = 4, rank: int = 2, condition: float = 10.0, noise: float = 1.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    n, d, rank = whole("param n", n, 3), whole("param d", d, 3), whole("param rank", rank, 2)
    if rank >= min(n, d):
        raise reject("param rank", rank, f"below n={n} and d={d}")
    rng = np.random.default_rng(whole("param seed", seed))
    A = rows_with_spectrum(n, d, log_spaced(rank, condition), rng)
    return A, A @ rng.standard_normal(d) + nonnegative("param noise", noise) * rng.standard_normal(n)
