"""Interpolated robust regression, f_i(x) = phi(a_i.x - b_i), orthogonal rows: PL near the solutions only.

`loss` is geman-mcclure, u^2/(1 + u^2); cauchy, log(1 + u^2); or welsch, 1 - exp(-u^2/2).  The rows are orthogonal, of
length 1, and fewer than the dimension, A x^ = b; x_0 has residuals `start` reach of either sign.

Constants: sup|phi''| = s = 2, 2, 1, at 0, so L_i = s ||a_i||^2 and L = s lambda_max(A^T A)/n.  f* = inf f_i = 0.
mu is local.  With r = A x - b, ||grad f||^2 = ||A^T phi'(r)||^2/n^2 >= lambda_min(A A^T)/n^2 sum phi'(r_i)^2, and
phi'^2/phi falls in |r|: where all |r_i| <= reach, f is PL with mu = phi'(reach)^2/(2 phi(reach)) lambda_min(A A^T)/n.

Why the methods stay there.  As the rows are orthogonal, a step changes r_i by -gamma (v_i/n) ||a_i||^2 phi'(r_i'), and
the ascent point's r_i' = r_i + (a number >= 0) phi'(r_i) has the sign of r_i.  So |r_i| cannot grow, unless the sign
changes, and then it is at most gamma (v_i/n) ||a_i||^2 G, G = sup|phi'|.  Here s ||a_i||^2 = L_max = n L.
Let gamma <= mu/(L D), D = B mu + A >= (mu/L)(B L + A), D >= mu.  If v_i is 0 or V_i, then V_i = E v_i^2 = B + w_i, and
gamma (V_i/n) s ||a_i||^2 = gamma (B L + w_i L) <= gamma (B L + A) <= 1.  Draws with replacement have v_i <= n, and
gamma s ||a_i||^2 = n gamma L <= n.  The full batch with gamma <= 2/L has gamma s ||a_i||^2/n <= 2.
So reach >= max(n, 2) G/s is enough for these steps; with larger ones the methods may leave.
"""

import numpy as np

from samtheory import LinearModel, Problem, exact
from samtheory.errors import finite, reject, whole
from samtheory.objectives.synthetic import orthonormal

#: For each loss G/s, G = sup|phi'|, s = sup|phi''|.
LEAP = {"geman-mcclure": 3 * np.sqrt(3) / 16, "cauchy": 0.5, "welsch": np.exp(-0.5)}


def problem(n: int = 2, d: int = 3, loss: str = "geman-mcclure", start: float = 0.9, seed: int = 0) -> Problem:
    n, d = whole("param n", n, 1), whole("param d", d, 1)
    if n > d:
        raise reject("param n", n, f"at most d={d}")
    if loss not in LEAP:
        raise reject("param loss", loss, "one of " + ", ".join(LEAP))
    if not 0 < finite("param start", start) < 1:
        raise reject("param start", start, "above 0 and below 1")
    rng = np.random.default_rng(whole("param seed", seed))
    A = orthonormal(d, n, rng).T
    solution = rng.standard_normal(d)
    f = LinearModel(A, A @ solution, loss)
    reach = max(1.0, max(n, 2) * LEAP[loss])
    zero, far = np.zeros(1), np.full(1, reach)
    scalar = float((f.loss.slope(far, zero) ** 2 / (2 * f.loss.value(far, zero)))[0])
    signs = np.where(np.arange(n) % 2, -1.0, 1.0)
    return Problem(
        objective=f,
        x0=solution + A.T @ (start * reach * signs),
        L_i=exact(f.component_smoothness, "sup|phi''| ||a_i||^2"),
        L=exact(f.smoothness, "sup|phi''| lambda_max(A^T A)/n"),
        mu=exact(scalar * f.least_nonzero, "phi'(reach)^2/(2 phi(reach)) lambda_min(A A^T)/n"),
        f_inf=exact(0.0, "A x = b has a solution"),
        f_i_inf=exact(np.zeros(n), "A x = b has a solution"),
        x_star=solution,
        properties=frozenset({"interpolation"}),
        region=f"|a_i.x - b_i| <= {reach:.12g} for every i",
        source="closed formulas",
    )
