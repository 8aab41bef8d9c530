"""x^2 + 3 sin^2 x: one-dimensional, not convex, PL.

Constants: f'' = 2 + 6 cos 2x, so L = 8 (attained at 0).  The best PL constant is min f'^2/(2f) = 0.17553098587...,
attained near |x| = 2.2017 (rounded down here; the often quoted 1/32 is valid but 5.6 times smaller).  f* = 0 at 0.
Source: Karimi, Nutini, Schmidt 2016; literature P5.
"""

import numpy as np

from samtheory import Problem, SineSum, certified, exact


def problem(start: float = 3.0) -> Problem:
    zero, eight = np.zeros(1), np.full(1, 8.0)
    return Problem(
        objective=SineSum(w=np.ones(1), Q=np.eye(1), a=3.0),
        x0=np.full(1, start),
        L_i=exact(eight, "sup |2 + 6 cos 2x|"),
        L=exact(8.0, "sup |2 + 6 cos 2x|"),
        mu=certified(0.17553098587, "inf f'^2/(2f), rounded down"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(zero, "f(0) = 0"),
        x_star=zero,
        properties=frozenset({"interpolation"}),
        source="literature P5",
    )
