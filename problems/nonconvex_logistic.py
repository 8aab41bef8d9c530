"""Logistic regression with the penalty alpha sum_j x_j^2/(1 + x_j^2): smooth, not convex, labels b_i = -1, +1.

Synthetic rows: Gaussian a_i, labels sign(a_i.x_true + noise).  With rows of your own, `n`, `d`, `noise` and `seed` play
no part; labels may be -1/1, 0/1 or 1/2 and are mapped to -1/+1.

Constants: the second derivative of t^2/(1 + t^2) is in [-1/2, 2], that of log(1 + exp(-t)) in [0, 1/4], both largest at
0; so L_i = ||a_i||^2/4 + 2 alpha and L = lambda_max(A^T A)/(4n) + 2 alpha, both attained at x = 0.
delta is measured from 0 <= inf f instead of the unknown inf f: inf f_i >= 0 gives the expected residual with
C = 2A (0 - 0) = 0.  A number found by a solver would lie above inf f and make delta too small.
"""

import numpy as np
from scipy import sparse

from samtheory import LinearModel, Problem, exact
from samtheory.errors import nonnegative, positive, whole
from samtheory.io.rows import signed_labels
from samtheory.objectives.penalised import Penalised


def problem(rows, alpha: float = 0.1) -> Problem:
    A, b = rows
    alpha = positive("param alpha", alpha)
    data = LinearModel(A, signed_labels(b), "logistic")
    # A linear model is a mean: the penalty is alpha d times that of the d coordinates.
    coordinates = LinearModel(sparse.identity(data.d, format="csr"), np.zeros(data.d), "geman-mcclure")
    return Problem(
        objective=Penalised(data, coordinates, alpha * data.d),
        x0=np.ones(data.d),
        L_i=exact(data.component_smoothness + 2 * alpha, "||a_i||^2/4 + 2 alpha"),
        L=data.smoothness.plus(2 * alpha, "lambda_max(A^T A)/(4n) + 2 alpha"),
        f_inf=exact(0.0, "both terms >= 0, a lower bound"),
        f_i_inf=exact(np.zeros(data.n), "both terms >= 0"),
        source="closed formulas",
    )


def synthetic(n: int = 8, d: int = 3, noise: float = 0.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    n, d, noise = whole("param n", n, 2), whole("param d", d, 1), nonnegative("param noise", noise)
    rng = np.random.default_rng(whole("param seed", seed))
    A = rng.standard_normal((n, d))
    score = A @ rng.standard_normal(d) + noise * rng.standard_normal(n)
    return A, np.where(score > np.median(score), 1.0, -1.0)
