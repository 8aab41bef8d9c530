"""A saddle, f(x, y) = (h x^2 - b y^2)/2: unbounded below, so no theorem applies; USAM leaves it or is attracted to it.

Full-batch USAM multiplies x by 1 - gamma h (1 + rho h) and y by 1 + gamma b (1 - rho b): it leaves the saddle along y
if rho b < 1 or gamma b (rho b - 1) > 2, and is attracted to it strictly between, as long as gamma h (1 + rho h) < 2.

Constants: L = max(h, b).  inf f = -inf, but -b/2 where |y| <= 1.
"""

import numpy as np

from samtheory import Problem, UserSum, exact
from samtheory.errors import positive


def problem(h: float = 2.0, b: float = 2.0) -> Problem:
    curvature = np.array([positive("param h", h), -positive("param b", b)])
    L = np.abs(curvature).max()
    return Problem(
        objective=UserSum(lambda _, x: x**2 @ curvature / 2, lambda _, x: curvature * x, n=1, d=2, batched=True),
        x0=np.array([1.0, 0.1]),
        L_i=exact(np.full(1, L), "max(h, b)"),
        L=exact(L, "max(h, b)"),
        f_inf=exact(curvature[1] / 2, "-b/2, where |y| = 1"),
        f_i_inf=exact(curvature[1:] / 2, "-b/2, where |y| = 1"),
        region="|y| <= 1",
        outside="f is unbounded below",
        source="closed formulas",
    )
