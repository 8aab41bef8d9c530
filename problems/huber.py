"""Huber's function, the worst smooth convex function for gradient descent: f(x_N) = L R^2/(2 (2 N h + 1)) exactly.

f(x) = L x^2/2 where |x| <= r, L (r |x| - r^2/2) beyond, r = R/(2 N h + 1), x_0 = R.  With gamma = h/L, every x_t up
to t = N is where f' = L r, and so is its ascent point, further out: SAM and USAM are gradient descent, whatever rho is.

Constants: L, attained near 0; not PL.  f* = 0 at 0.
"""

import numpy as np

from samtheory import Problem, UserSum, exact
from samtheory.errors import positive, whole


def problem(L: float = 1.0, R: float = 1.0, N: int = 20, h: float = 1.0) -> Problem:
    L, R, N, h = positive("param L", L), positive("param R", R), whole("param N", N, 1), positive("param h", h)
    r = R / (2 * N * h + 1)

    def value(_, x):
        near = np.minimum(np.abs(x[:, 0]), r)
        return L * near * (np.abs(x[:, 0]) - near / 2)

    return Problem(
        objective=UserSum(value, lambda _, x: L * np.clip(x, -r, r), n=1, d=1, batched=True),
        x0=np.full(1, R),
        L_i=exact(np.full(1, L), "sup f''"),
        L=exact(L, "sup f''"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(np.zeros(1), "f(0) = 0"),
        x_star=np.zeros(1),
        properties=frozenset({"convex", "convex-components", "interpolation"}),
        source="Drori & Teboulle 2014",
    )
