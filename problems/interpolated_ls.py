"""Least squares with a solution of A x = b, f_i(x) = (a_i.x - b_i)^2/2: convex, PL, interpolated.

Synthetic rows: n < d, b = A x_true, the non-zero eigenvalues of A^T A/n from 1/condition to 1.  With rows of your own,
`n`, `d`, `condition` and `seed` play no part; b must be in the range of A.

Constants: L_i = ||a_i||^2 and L = lambda_max(A^T A)/n.  With r = A x - b in the range of A,
||grad f||^2 = ||A^T r||^2/n^2 >= (sigma^2/n) ||r||^2/n = 2 (sigma^2/n) f for the smallest singular value sigma of A
that is not 0; so mu = sigma^2/n, attained along its singular vector.  Any solution of A x = b makes every f_i = 0.
"""

import numpy as np

from samtheory import InputError, LinearModel, Problem, exact
from samtheory.errors import whole
from samtheory.objectives.synthetic import log_spaced, rows_with_spectrum


def problem(rows) -> Problem:
    A, b = rows
    f = LinearModel(A, b, "squared")
    left = np.linalg.norm(f.A @ f.minimiser - f.b)
    if f.rank == 0 or left > 1e-12 * np.linalg.norm(f.b):
        raise InputError(f"data: min ||A x - b|| = {left:.3g}, rank {f.rank}: must be 0, and A not 0, to interpolate")
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "||a_i||^2"),
        L=exact(f.smoothness, "lambda_max(A^T A)/n"),
        mu=exact(f.least_nonzero, "smallest non-zero eigenvalue of A^T A/n"),
        f_inf=exact(0.0, "A x = b has a solution"),
        f_i_inf=exact(np.zeros(f.n), "A x = b has a solution"),
        x_star=f.minimiser,
        properties=frozenset({"convex", "convex-components", "interpolation"}),
        source="closed formulas; Karimi, Nutini, Schmidt 2016",
    )


def synthetic(n: int = 6, d: int = 8, condition: float = 10.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    n = whole("param n", n, 2)
    d = whole("param d", d, n + 1)
    rng = np.random.default_rng(whole("param seed", seed))
    A = rows_with_spectrum(n, d, log_spaced(n, condition), rng)
    return A, A @ rng.standard_normal(d)
