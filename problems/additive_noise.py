"""Additive noise, f_i(x) = x^T H x/2 + c_i.x with sum c_i = 0: strongly convex, exactly bounded variance.

H is diagonal with eigenvalues from 1/condition to 1, mean ||c_i||^2 = noise^2; so f = x^T H x/2.

Constants: every f_i has the Hessian H, so L_i = L = lambda_max(H), mu = lambda_min(H).  f* = 0 at 0;
inf f_i = -c_i^T H^{-1} c_i/2 at -H^{-1} c_i.
The noise does not depend on x: with m = (1/n) sum v_i, E||g||^2 = E m^2 ||grad f||^2 + (1/n^2) sum w_i ||c_i||^2 for
every law whose w is constant; so A = 0, and B = 1 unless the sampling is independent (`Tilted.expected_residual`).
"""

import numpy as np

from samtheory import Problem, Quadratics, Tilted, exact
from samtheory.errors import nonnegative, whole
from samtheory.objectives.synthetic import centred, log_spaced


def problem(n: int = 6, d: int = 2, condition: float = 10.0, noise: float = 1.0, seed: int = 0) -> Problem:
    n, d, noise = whole("param n", n, 2), whole("param d", d, 1), nonnegative("param noise", noise)
    rng = np.random.default_rng(whole("param seed", seed))
    h, c = log_spaced(d, condition), centred(n, d, noise, rng)
    f = Tilted(Quadratics(np.diag(h)[None], np.zeros((1, d))), c)
    return Problem(
        objective=f,
        x0=np.full(d, 3.0),
        L_i=exact(np.full(n, h.max()), "lambda_max(H)"),
        L=exact(h.max(), "lambda_max(H)"),
        mu=exact(h.min(), "lambda_min(H)"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(-(c**2) @ (1 / h) / 2, "-c_i^T H^{-1} c_i/2"),
        claims=f.expected_residual,
        x_star=np.zeros(d),
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
        source="closed formulas",
    )
