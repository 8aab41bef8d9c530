"""A sine wave, f(x) = (beta/w^2) sin(w x): SAM with too large a rho is attracted to points that are not stationary.

Where w rho mod 2 pi lies between pi and 2 pi and gamma beta < 2, the full-batch SAM has attractors with
|f'| = (beta/w) |sin(w rho)|, a distance rho to the left of a minimum: it takes the slope there for 0.

Constants: f'' = -beta sin(w x), so L = beta.  f* = -beta/w^2 at w x = -pi/2.
"""

import numpy as np

from samtheory import Problem, UserSum, exact
from samtheory.errors import finite, positive


def problem(beta: float = 1.0, w: float = 1.0, start: float = 0.5) -> Problem:
    beta, w = positive("param beta", beta), positive("param w", w)
    lowest = -beta / w**2
    return Problem(
        objective=UserSum(
            lambda _, x: beta / w**2 * np.sin(w * x[:, 0]),
            lambda _, x: beta / w * np.cos(w * x),
            n=1,
            d=1,
            batched=True,
            reference=lowest,
        ),
        x0=np.full(1, finite("param start", start)),
        L_i=exact(np.full(1, beta), "sup |beta sin w x|"),
        L=exact(beta, "sup |beta sin w x|"),
        f_inf=exact(lowest, "-beta/w^2"),
        f_i_inf=exact(np.full(1, lowest), "-beta/w^2"),
        x_star=np.full(1, -np.pi / (2 * w)),
        properties=frozenset({"interpolation"}),
        source="closed formulas",
    )
