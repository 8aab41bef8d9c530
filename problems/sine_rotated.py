"""Sines in rotated coordinates, F(x) = sum_j w_j (y_j^2 + 3 sin^2 y_j), y = Q x: not convex, PL, one component.

Q is a random rotation, w runs from 1/condition to 1.

Constants: the Hessian is Q^T diag(w_j (2 + 6 cos 2 y_j)) Q, so L = 8 max w, attained at 0.  With u(t) = t^2 + 3 sin^2 t
and u'^2 >= 2 mu_1 u, mu_1 = 0.17553098587 (see sine-1d): ||grad F||^2 = sum w_j^2 u'(y_j)^2 >= 2 mu_1 min w F, tight
where only the coordinate of the smallest weight is not 0.  F* = 0 at 0.
"""

import numpy as np

from samtheory import Problem, SineSum, exact
from samtheory.errors import whole
from samtheory.objectives.losses import Sine
from samtheory.objectives.synthetic import log_spaced, orthonormal


def problem(d: int = 3, condition: float = 4.0, seed: int = 0) -> Problem:
    d = whole("param d", d, 1)
    w = log_spaced(d, condition)
    Q = orthonormal(d, d, np.random.default_rng(whole("param seed", seed)))
    L = 8 * w.max()
    return Problem(
        objective=SineSum(w, Q, a=3.0),
        x0=Q.T @ np.full(d, 3.0),
        L_i=exact(np.full(1, L), "8 max w"),
        L=exact(L, "8 max w"),
        mu=exact(Sine.PL * w.min(), f"{Sine.PL} min w"),
        f_inf=exact(0.0, "F(0) = 0"),
        f_i_inf=exact(np.zeros(1), "F(0) = 0"),
        x_star=np.zeros(d),
        properties=frozenset({"interpolation"}),
        source="closed formulas; Karimi, Nutini, Schmidt 2016 for one coordinate",
    )
