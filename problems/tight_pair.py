"""Two opposed parabolas, f_1, f_2 = (L/2)(x -+ c)^2: no smaller C holds under uniform sampling.

Constants: L_i = L = mu = `L`; f = (L/2)(x^2 + c^2), f* = L c^2/2 at 0, inf f_i = 0 at +-c.
Uniform sampling has A = L, B = 0, C = 2A (f* - 0) = L^2 c^2, and at every x
E||g||^2 = L^2 x^2 + L^2 c^2 = 2A (f - f*) + C.
"""

import numpy as np

from samtheory import Problem, Quadratics, exact
from samtheory.errors import positive


def problem(L: float = 1.0, c: float = 1.0) -> Problem:
    L, c = positive("param L", L), positive("param c", c)
    return Problem(
        objective=Quadratics(np.full((2, 1, 1), L), np.array([[c], [-c]])),
        x0=np.full(1, 3 * c),
        L_i=exact(np.full(2, L), "L"),
        L=exact(L, "L"),
        mu=exact(L, "L"),
        f_inf=exact(L * c * c / 2, "f(0) = L c^2/2"),
        f_i_inf=exact(np.zeros(2), "f_i(+-c) = 0"),
        x_star=np.zeros(1),
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
        source="attains C of the textbook expected residual",
    )
