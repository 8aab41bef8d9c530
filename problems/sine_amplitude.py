"""x^2 + a sin^2 x for a below 4.6033: the closer to it, the smaller the PL constant.

Constants: f'' = 2 + 2a cos 2x, so L = 2 + 2a, attained at 0; not convex for a > 1.  mu = inf f'^2/(2f) by interval
branch and bound, rounded down; it is above 0 as long as f has no second stationary point: a < sqrt(1 + u^2), tan u = u.
f* = 0 at 0.
"""

import numpy as np

from samtheory import Problem, SineSum, certified, exact
from samtheory.errors import finite, nonnegative, reject

#: inf f'^2/(2f) by a, rounded down.
PL = {1.0: 1.0742267530, 2.0: 0.50515889287, 3.0: 0.17553098587, 4.0: 0.023033661875, 4.5: 6.5265e-4}


def problem(a: float = 4.0, start: float = 3.0) -> Problem:
    a = nonnegative("param a", a)
    return Problem(
        objective=SineSum(w=np.ones(1), Q=np.eye(1), a=a),
        x0=np.full(1, finite("param start", start)),
        L_i=exact(np.full(1, 2 + 2 * a), "sup |2 + 2a cos 2x|"),
        L=exact(2 + 2 * a, "sup |2 + 2a cos 2x|"),
        mu=certified(PL[a] if a in PL else pl_constant(a), "inf f'^2/(2f), rounded down"),
        f_inf=exact(0.0, "f(0) = 0"),
        f_i_inf=exact(np.zeros(1), "f(0) = 0"),
        x_star=np.zeros(1),
        properties=frozenset({"interpolation"} | ({"convex", "convex-components"} if a <= 1 else set())),
        source="Karimi, Nutini, Schmidt 2016 for a = 3; the best mu, rounded down",
    )


def pl_constant(a: float) -> float:
    """A lower bound on inf f'^2/(2f), proved (needs the extra `certify`)."""
    from samtheory.certify import curves

    mu = curves.pl_constant(curves.sine(a)).lower
    if mu == 0:
        raise reject("param a", a, "below 4.6033 (from there on, f has a second stationary point)")
    return mu
