"""x^2 + 3 sin^2 x: one-dimensional, not convex, PL.

Constants: f'' = 2 + 6 cos 2x, so L = 8, attained at 0.  The best PL constant is mu = min f'^2/(2f) = 0.17553098587...,
attained near |x| = 2.2017 (rounded down here; the often quoted 1/32 is valid but 5.6 times smaller).  f* = 0 at 0.
"""

import numpy as np

from samtheory import Problem, SineSum, certified, exact
from samtheory.errors import finite
from samtheory.objectives.losses import Sine


def problem(start: float = 3.0) -> Problem:
    return Problem(
        objective=SineSum(w=np.ones(1), Q=np.eye(1), a=3.0),
        x0=np.full(1, finite("param start", start)),
        L_i=exact(np.full(1, 8.0), "sup |2 + 6 cos 2x|"),
        L=exact(8.0, "sup |2 + 6 cos 2x|"),
        mu=certified(Sine.PL, "inf f'^2/(2f), rounded down"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(np.zeros(1), "f(0) = 0"),
        x_star=np.zeros(1),
        properties=frozenset({"interpolation"}),
        source="Karimi, Nutini, Schmidt 2016; the best mu, rounded down",
    )
