"""Two parabolas of different width, f_i = (h_i/2)(x - c_i)^2: ascent steps of a fixed rho shift the limit.

With steps gamma_t -> 0 and a fixed rho, one f_i at a time: SAM tends to x* - rho (h_1 - h_2)/(h_1 + h_2) while that is
between c_1 and c_2, USAM to (p_1 c_1 + p_2 c_2)/(p_1 + p_2) with p_i = h_i (1 + rho h_i).

Constants: L_i = h_i, L = mu = (h_1 + h_2)/2.  x* = (h_1 c_1 + h_2 c_2)/(h_1 + h_2),
f* = h_1 h_2 (c_1 - c_2)^2/(4 (h_1 + h_2)); inf f_i = 0 at c_i.
"""

import numpy as np

from samtheory import Problem, Quadratics, exact
from samtheory.errors import finite, positive


def problem(h1: float = 4.0, h2: float = 1.0, c1: float = -2.0, c2: float = 2.0, start: float = 3.0) -> Problem:
    h = np.array([positive("param h1", h1), positive("param h2", h2)])
    c = np.array([finite("param c1", c1), finite("param c2", c2)])
    return Problem(
        objective=Quadratics(h[:, None, None], c[:, None]),
        x0=np.full(1, finite("param start", start)),
        L_i=exact(h, "h_i"),
        L=exact(h.mean(), "(h_1 + h_2)/2"),
        mu=exact(h.mean(), "(h_1 + h_2)/2"),
        f_inf=exact(h.prod() * (c[0] - c[1]) ** 2 / (4 * h.sum()), "h_1 h_2 (c_1 - c_2)^2/(4 (h_1 + h_2))"),
        f_i_inf=exact(np.zeros(2), "f_i(c_i) = 0"),
        x_star=np.array([h @ c / h.sum()]),
        properties=frozenset({"convex", "convex-components", "strongly-convex"}),
        source="closed formulas",
    )
