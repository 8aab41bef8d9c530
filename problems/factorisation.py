"""Factorisation, f(x, y) = (x y - m)^2/2: flat and sharp minima side by side, smooth on bounded sets only.

||grad f||^2 = 2 (x^2 + y^2) f exactly, and x^2 + y^2 >= 2 |x y| >= 2 (|m| - sqrt(2 f)): PL where f < m^2/2.  At a
minimum the sharpness, the largest eigenvalue of the Hessian, is x^2 + y^2; it is least, 2|m|, where |x| = |y|.

Constants: the Hessian is [[y^2, 2xy - m], [2xy - m, x^2]], so on x^2 + y^2 <= R^2 L = 3R^2/2 + |m|, attained where
x = y or x = -y, the one with m x y <= 0.  f* = 0.
"""

import numpy as np

from samtheory import Problem, UserSum, exact
from samtheory.errors import finite, positive, reject


def problem(m: float = 1.0, R: float = 4.0, start: float = 2.5) -> Problem:
    m, R, start = finite("param m", m), positive("param R", R), finite("param start", start)
    if np.hypot(start, 0.1) > R:
        raise reject("param start", start, f"such that start^2 + 0.01 <= R^2={R * R:g}")

    def gradient(_, x):
        return (x[:, :1] * x[:, 1:] - m) * x[:, ::-1]

    L = 1.5 * R**2 + abs(m)
    return Problem(
        objective=UserSum(lambda _, x: (x[:, 0] * x[:, 1] - m) ** 2 / 2, gradient, n=1, d=2, batched=True),
        x0=np.array([start, 0.1]),
        L_i=exact(np.full(1, L), "3R^2/2 + |m|"),
        L=exact(L, "3R^2/2 + |m|"),
        f_inf=exact(0.0, "f = 0 where x y = m"),
        f_i_inf=exact(np.zeros(1), "f = 0 where x y = m"),
        properties=frozenset({"interpolation"}),
        region=f"x^2 + y^2 <= {R * R:g}",
        outside="f is smooth on bounded sets only, and steps may leave them",
        source="closed formulas",
    )
