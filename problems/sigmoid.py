"""Sigmoid loss, f_i(x) = 1/(1 + exp(b_i a_i.x)), labels b_i = -1, +1: smooth, not convex.

Synthetic rows: Gaussian a_i, the half with the larger a_i.x_true + noise labelled +1.  With rows of your own, `n`, `d`,
`noise` and `seed` play no part; labels may be -1/1, 0/1 or 1/2 and are mapped to -1/+1.

Constants: with s the sigmoid, s'' = s (1 - s)(1 - 2s) is largest at s = (3 +- sqrt 3)/6, where it is 1/(6 sqrt 3); so
L_i = ||a_i||^2/(6 sqrt 3) and L = lambda_max(A^T A)/(6 sqrt 3 n), an upper bound.
inf f_i = 0, not attained.  delta is measured from 0 <= inf f instead of the unknown inf f, hence the expected residual
with C = 2A (0 - 0) = 0.
"""

import numpy as np

from samtheory import LinearModel, Problem, exact
from samtheory.errors import nonnegative, whole
from samtheory.io.rows import signed_labels
from samtheory.objectives.synthetic import labelled_rows


def problem(rows) -> Problem:
    A, b = rows
    f = LinearModel(A, signed_labels(b), "sigmoid")
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "||a_i||^2/(6 sqrt 3)"),
        L=exact(f.smoothness, "lambda_max(A^T A)/(6 sqrt 3 n)"),
        f_inf=exact(0.0, "f >= 0, a lower bound"),
        f_i_inf=exact(np.zeros(f.n), "f_i > 0"),
        source="closed formulas",
    )


def synthetic(n: int = 8, d: int = 3, noise: float = 0.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    n, d, noise = whole("param n", n, 2), whole("param d", d, 1), nonnegative("param noise", noise)
    return labelled_rows(n, d, noise, np.random.default_rng(whole("param seed", seed)))
