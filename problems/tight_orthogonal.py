"""Orthogonal quadratics, f_i(x) = (L_i/2) x_i^2: no smaller A or B holds, whatever the sampling.

n = d, L_i from 1/condition to 1.

Constants: L_i by definition; f has the Hessian diag(L_i)/n, so L = max L_i/n, mu = min L_i/n.  All minima are 0 at 0.
A = max w_i L_i/n and B of E[v v^T] = B 11^T + Diag(w) are attained: with x along the axis of the largest w_i L_i,
E||g||^2 = B ||grad f||^2 + w_i (L_i x_i)^2/n^2 = B ||grad f||^2 + 2A f.
"""

import numpy as np

from samtheory import Problem, Quadratics, exact
from samtheory.errors import whole
from samtheory.objectives.synthetic import log_spaced


def problem(n: int = 4, condition: float = 4.0) -> Problem:
    n = whole("param n", n, 2)
    L_i = log_spaced(n, condition)
    return Problem(
        objective=Quadratics(L_i[:, None, None] * np.eye(n)[:, None, :] * np.eye(n)[:, :, None], np.zeros((n, n))),
        x0=np.ones(n),
        L_i=exact(L_i, "L_i"),
        L=exact(L_i.max() / n, "max L_i/n"),
        mu=exact(L_i.min() / n, "min L_i/n"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(np.zeros(n), "f_i(0) = 0"),
        x_star=np.zeros(n),
        properties=frozenset({"convex", "convex-components", "strongly-convex", "interpolation"}),
        source="attains A and B of the textbook expected residual",
    )
