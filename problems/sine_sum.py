"""Sines of residuals, f_i(x) = g(a_i.x - b_i) with g(t) = t^2 + 3 sin^2 t: not convex, PL, interpolated.

Synthetic rows: n <= d, the eigenvalues of A A^T/n from 1/condition to 1; b = A x_true with ||x_true|| about `distance`.
With rows of your own, all parameters play no part; A must have full row rank, and then A x = b has a solution.

Constants: |g''| = |2 + 6 cos 2t| <= 8, attained at 0; so L_i = 8 ||a_i||^2 and L = 8 lambda_max(A^T A)/n, attained at a
solution of A x = b, where every f_i = 0.  With r = A x - b and g'^2 >= 2 mu_1 g, mu_1 = 0.17553098587 (see sine-1d):
||grad f||^2 = ||A^T g'(r)||^2/n^2 >= lambda_min(A A^T)/n^2 sum g'(r_i)^2 >= 2 mu_1 lambda_min(A A^T)/n f.
"""

import numpy as np

from samtheory import InputError, LinearModel, Problem, exact
from samtheory.errors import positive, reject, whole
from samtheory.objectives.losses import Sine
from samtheory.objectives.synthetic import log_spaced, rows_with_spectrum


def problem(rows) -> Problem:
    A, b = rows
    f = LinearModel(A, b, "sine")
    if f.rank < f.n:
        raise InputError(f"data: A has rank {f.rank}: must have full row rank, n={f.n}")
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "8 ||a_i||^2"),
        L=exact(f.smoothness, "8 lambda_max(A^T A)/n"),
        mu=exact(Sine.PL * f.least_nonzero, f"{Sine.PL} lambda_min(A A^T)/n"),
        f_inf=exact(0.0, "A x = b has a solution"),
        f_i_inf=exact(np.zeros(f.n), "A x = b has a solution"),
        x_star=np.asarray(np.linalg.lstsq(f.A, f.b, rcond=None)[0]),
        properties=frozenset({"interpolation"}),
        source="PL of a composition with a linear map; Karimi, Nutini, Schmidt 2016",
    )


def synthetic(
    n: int = 6, d: int = 6, condition: float = 4.0, distance: float = 8.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    n, d = whole("param n", n, 2), whole("param d", d, 2)
    if n > d:
        raise reject("param n", n, f"at most d={d}")
    rng = np.random.default_rng(whole("param seed", seed))
    A = rows_with_spectrum(n, d, log_spaced(n, condition), rng)
    return A, A @ (positive("param distance", distance) / np.sqrt(d) * rng.standard_normal(d))
