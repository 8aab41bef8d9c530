"""Scaled parabolas, f_i(x) = h_i x^2/2 in one dimension: expected residual exact under every sampling.

`h` is a list of numbers above 0, such as 0.1,1.9.  With h = 0.01,1.99 and probabilities 1/40000, 39999/40000 it is a
counterexample to Theorem 3.2 of Oikonomou & Loizou (ICLR 2025) with L_max for every sampling: L_v reaches 200.

Constants: L_i = h_i, L = mu = mean h; all minima are 0 at 0.  g = h_v x with h_v = (1/n) sum v_i h_i, so
E||g||^2 = (E h_v^2/mean(h)^2) ||grad f||^2: A = 0, B = E h_v^2/mean(h)^2, C = 0.
"""

import numpy as np

from samtheory import Problem, Quadratics, exact
from samtheory.errors import positive


def problem(h: str = "0.1,1.9") -> Problem:
    h_i = np.array([positive("param h", part) for part in str(h).split(",")])
    n, mean = len(h_i), h_i.mean()

    def residual(law):
        zero, B = exact(0.0, "identity"), exact(law.mean_square(h_i) / mean**2, "E h_v^2 / mean(h)^2")
        return {"A": zero, "B": B, "C": zero}

    return Problem(
        objective=Quadratics(h_i[:, None, None], np.zeros((n, 1))),
        x0=np.ones(1),
        L_i=exact(h_i, "h_i"),
        L=exact(mean, "mean h"),
        mu=exact(mean, "mean h"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(np.zeros(n), "f_i(0) = 0"),
        claims=residual,
        x_star=np.zeros(1),
        properties=frozenset({"convex", "convex-components", "strongly-convex", "interpolation"}),
        source="closed formulas",
    )
