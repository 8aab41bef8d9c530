"""The family of one-step bounds below a master inequality, and its tightest member.

For any b1, b2, b3 > 0,

    sqrt(G M) <= (b1 G + M/b1)/2,    sqrt(G) <= (b2 G + 1/b2)/2,    sqrt(M) <= (b3 M + 1/b3)/2

and M <= 2A delta + B G + C turn it into E delta+ <= p delta + q G + r at every x: a *member*.  With E delta <= D and
2 mu delta <= G <= 2 L delta, a member gives E delta+ <= (1 - x) D + r, where 1 - x = max{0, p + 2 mu q, p + 2 L q}.
The best member at D is the one whose Young inequalities are equalities where the master inequality is worst.  Every
number here is the value of a member, so an optimum that is missed only loosens a bound.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from samtheory.constants import Constants

#: kappa0, ..., kappa5 of a master inequality, and b1, b2, b3: numbers, or arrays over t.
Kappas = Any
Young = Any

#: Halvings of log G in the search of the worst G.
HALVINGS = 30
#: Bounds are looked at between these two, where nothing under- or overflows.
SMALLEST, LARGEST = 1e-200, 1e50


class Grounds(NamedTuple):
    """The constants that turn the master inequality into a recursion."""

    A: float
    B: float
    C: float
    mu: float
    L: float

    @classmethod
    def of(cls, constants: Constants) -> Grounds:
        """Those of a problem under a sampling; what is not claimed counts as 0, for inequalities that do not use it."""
        values = constants.values()
        A, B, C, mu = (values.get(name, 0.0) for name in ("A", "B", "C", "mu"))
        return cls(A, B, C, mu, values["L"])

    def M(self, delta: Any, G: Any) -> Any:
        """The bound 2A delta + B G + C on E||g||^2."""
        return 2 * self.A * delta + self.B * G + self.C


def young(G: float, M: float) -> Young:
    """The b at which all three inequalities are equalities."""
    G, M = max(G, SMALLEST), max(M, SMALLEST)
    return math.sqrt(M / G), 1 / math.sqrt(G), 1 / math.sqrt(M)


def member(kappa: Kappas, grounds: Grounds, b: Young) -> tuple[Any, Any, Any]:
    """(p - 1, q, r)."""
    of_G = -kappa[0] + (kappa[1] * b[0] + kappa[2] * b[1]) / 2
    of_M = kappa[3] + (kappa[1] / b[0] + kappa[4] * b[2]) / 2
    rest = kappa[5] + (kappa[2] / b[1] + kappa[4] / b[2]) / 2
    return 2 * grounds.A * of_M, of_G + grounds.B * of_M, grounds.C * of_M + rest


def shrinkage(kappa: Kappas, grounds: Grounds, b: Young, least: Any = min) -> tuple[Any, Any]:
    """(x, r) with E delta+ <= (1 - x) D + r, x at most 1; `least` is `numpy.minimum` over arrays."""
    growth, q, r = member(kappa, grounds, b)
    return least(least(-2 * grounds.mu * q, -2 * grounds.L * q) - growth, 1.0), r


def tightest(kappa: Kappas, grounds: Grounds, D: float) -> Young:
    """The best b at E delta <= D: where delta + U(G, M) is largest on delta = D, 2 mu D <= G <= 2 L D."""
    D = min(max(D, SMALLEST), LARGEST)
    low, high = 2 * grounds.mu * D, 2 * grounds.L * D
    k0, k1, k2, k3, k4, _ = kappa
    B, rest = grounds.B, 2 * grounds.A * D + grounds.C

    def rises(G: float) -> bool:
        """Whether U grows with G; it is concave, so once it falls it falls for good."""
        M = rest + B * G
        slope = -k0 + B * k3 + k2 / (2 * math.sqrt(G))
        if M > 0:
            slope += k1 * (M + B * G) / (2 * math.sqrt(G) * math.sqrt(M)) + k4 * B / (2 * math.sqrt(M))
        return bool(slope > 0)

    if not rises(low):
        G = low
    elif rises(high):
        G = high
    else:
        for _ in range(HALVINGS):
            G = math.sqrt(low) * math.sqrt(high)
            low, high = (G, high) if rises(G) else (low, G)
    return young(G, rest + B * G)


def fixed_point(kappa: Kappas, grounds: Grounds) -> tuple[float, float]:
    """(x, D) with limsup E delta_t <= D from every delta_0, at constant steps; D = inf if no member contracts.

    Newton from above: the bound is concave in D and a member is its tangent, so that the limits r/x of the best
    members fall to the fixed point, and each of them is a limit already.
    """
    x, r = shrinkage(kappa, grounds, tightest(kappa, grounds, LARGEST))
    if x <= 0:
        return 0.0, math.inf
    best = x, r / x
    for _ in range(100):
        x, r = shrinkage(kappa, grounds, tightest(kappa, grounds, best[1]))
        if not (x > 0 and r / x < best[1] * (1 - 1e-12)):
            break
        best = x, r / x
    return best
