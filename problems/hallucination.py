"""A hallucinated minimum: SAM with radius rho is attracted to -rho, where |f'| = beta (rho - 2 dip) is nearly beta rho.

f' is piecewise linear: beta x down to -dip, then -beta (x + 2 dip) down to -2 rho, then beta (x + 4 rho - 2 dip); f has
a minimum at 0, a maximum at -2 dip and its global minimum at 2 dip - 4 rho.  From between -rho - 2 dip and -2 dip,
full-batch SAM with this rho and gamma <= 1/beta tends to -rho, whose ascent point is 0: with dip -> 0 the neighbourhood
L^2 rho^2 of ||grad f||^2 in the non-convex theory is attained.

Constants: |f''| = beta, so L = beta.  f* = beta (dip^2 - 4 (rho - dip)^2).
"""

import numpy as np

from samtheory import Problem, UserSum, exact
from samtheory.errors import finite, positive, reject


def problem(beta: float = 1.0, rho: float = 1.0, dip: float = 0.25, start: float = -1.2) -> Problem:
    beta, rho, dip = positive("param beta", beta), positive("param rho", rho), positive("param dip", dip)
    if dip >= rho / 2:
        raise reject("param dip", dip, f"below rho/2={rho / 2:g}")
    lowest = beta * (dip**2 - 4 * (rho - dip) ** 2)
    bottom = 2 * dip - 4 * rho

    def value(_, x):
        z = x[:, 0]
        middle, left = beta * dip**2 - beta * (z + 2 * dip) ** 2 / 2, lowest + beta * (z - bottom) ** 2 / 2
        return np.where(z >= -dip, beta * z**2 / 2, np.where(z >= -2 * rho, middle, left))

    def gradient(_, z):
        return beta * np.where(z >= -dip, z, np.where(z >= -2 * rho, -(z + 2 * dip), z - bottom))

    return Problem(
        objective=UserSum(value, gradient, n=1, d=1, batched=True, reference=lowest),
        x0=np.full(1, finite("param start", start)),
        L_i=exact(np.full(1, beta), "|f''| = beta"),
        L=exact(beta, "|f''| = beta"),
        f_inf=exact(lowest, "beta (dip^2 - 4 (rho - dip)^2)"),
        f_i_inf=exact(np.full(1, lowest), "beta (dip^2 - 4 (rho - dip)^2)"),
        x_star=np.full(1, bottom),
        properties=frozenset({"interpolation"}),
        source="closed formulas",
    )
