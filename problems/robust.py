"""Robust regression, f_i(x) = phi(a_i.x - b_i), phi bounded or nearly so: smooth, not convex.

`loss` is geman-mcclure, u^2/(1 + u^2); cauchy, log(1 + u^2); or welsch, 1 - exp(-u^2/2).  Synthetic rows: Gaussian a_i,
b = A x_true + noise, every fourth target off by `outlier`.  With rows of your own, `n`, `d`, `noise`, `outlier` and
`seed` play no part.

Constants: phi'' is in [-1/2, 2] (geman-mcclure), [-1/4, 2] (cauchy), [-2 exp(-3/2), 1] (welsch), the top attained at 0;
so L_i = sup|phi''| ||a_i||^2 and L = sup|phi''| lambda_max(A^T A)/n, an upper bound.
delta is measured from 0 <= inf f instead of the unknown inf f: phi >= 0 gives inf f_i >= 0, hence the expected residual
with C = 2A (0 - 0) = 0.  A number found by a solver would lie above inf f and make delta too small.
"""

import numpy as np

from samtheory import LinearModel, Problem, exact
from samtheory.errors import finite, nonnegative, reject, whole

LOSSES = ("geman-mcclure", "cauchy", "welsch")


def problem(rows, loss: str = "geman-mcclure") -> Problem:
    if loss not in LOSSES:
        raise reject("param loss", loss, "one of " + ", ".join(LOSSES))
    A, b = rows
    f = LinearModel(A, b, loss)
    return Problem(
        objective=f,
        x0=np.zeros(f.d),
        L_i=exact(f.component_smoothness, "sup|phi''| ||a_i||^2"),
        L=exact(f.smoothness, "sup|phi''| lambda_max(A^T A)/n"),
        f_inf=exact(0.0, "phi >= 0, a lower bound"),
        f_i_inf=exact(np.zeros(f.n), "phi >= 0"),
        source="Barron 2019; closed formulas",
    )


def synthetic(
    n: int = 8, d: int = 3, noise: float = 0.5, outlier: float = 5.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    n, d = whole("param n", n, 1), whole("param d", d, 1)
    rng = np.random.default_rng(whole("param seed", seed))
    A = rng.standard_normal((n, d))
    b = A @ rng.standard_normal(d) + nonnegative("param noise", noise) * rng.standard_normal(n)
    b[::4] += finite("param outlier", outlier)
    return A, b
