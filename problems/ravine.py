"""A ravine, f(x) = sum_j h_j x_j^2/2 with h from 1/condition to 1: strongly convex, one component.

SAM ends in a cycle +-gamma rho h_1/(2 - gamma h_1) along the steepest axis; USAM converges if and only if
gamma h_j (1 + rho h_j) < 2 for every j.

Constants: L = max h, mu = min h; f* = 0 at 0.
"""

import numpy as np

from samtheory import Problem, Quadratics, exact
from samtheory.errors import positive, whole
from samtheory.objectives.synthetic import log_spaced


def problem(d: int = 2, condition: float = 100.0, top: float = 1.0) -> Problem:
    h = log_spaced(whole("param d", d, 1), condition, positive("param top", top))
    return Problem(
        objective=Quadratics(np.diag(h)[None], np.zeros((1, len(h)))),
        x0=np.ones(len(h)),
        L_i=exact(h.max(keepdims=True), "max h"),
        L=exact(h.max(), "max h"),
        mu=exact(h.min(), "min h"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(np.zeros(1), "f(0) = 0"),
        x_star=np.zeros(len(h)),
        properties=frozenset({"convex", "convex-components", "strongly-convex", "interpolation"}),
        source="closed formulas",
    )
