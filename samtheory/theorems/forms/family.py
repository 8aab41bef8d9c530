"""The family of one-step bounds below a master inequality, and its tightest member.

For any b1, b2, b3 > 0,

    sqrt(G M) <= (b1 G + M/b1)/2,    sqrt(G) <= (b2 G + 1/b2)/2,    sqrt(M) <= (b3 M + 1/b3)/2

and M <= 2A delta + B G + C turn it into E delta+ <= p delta + q G + r at every x: a *member*.  With E delta <= D and
2 mu delta <= G <= 2 L delta, a member gives E delta+ <= (1 - x) D + r, where 1 - x = max{0, p + 2 mu q, p + 2 L q}.
The best member at D is the one whose Young inequalities are equalities where the master inequality is worst.

With the *bonus* (`forms.bonus`) and PL at x+, for any sigma >= 0 and omega = 1 + sigma mu/(2 L (1 + sigma)),

    omega E delta+ <= delta + (1 + sigma/2) (E f(x+) - f as the master inequality bounds it) + sigma G/(4 L),

which has the form of a master inequality again.  Every number here is the value of a member, so an optimum that is
missed only loosens a bound.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import sympy as sp

from samtheory.constants import Constants

from ..symbols import largest

#: kappa0, ..., kappa5 of a master inequality, and what it adds to delta, if anything; b1, b2, b3: numbers, or arrays.
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
    return sum(kappa[6:]) + 2 * grounds.A * of_M, of_G + grounds.B * of_M, grounds.C * of_M + rest


def floored(kappa: tuple[sp.Expr, ...]) -> tuple[sp.Expr, ...]:
    """The formulas with 0 for a kappa2 below 0, as sqrt(G) >= 0; `mixed` does so with numbers."""
    return (*kappa[:2], largest(sp.Integer(0), kappa[2]), *kappa[3:])


def with_bonus(kappa: Kappas, grounds: Grounds, sigma: Any) -> Kappas:
    """The kappas with the bonus."""
    heavy, more = 1 + sigma * grounds.mu / (2 * grounds.L * (1 + sigma)), 1 + sigma / 2
    growth = (1 + more * sum(kappa[6:])) / heavy - 1
    first = (more * kappa[0] - sigma / (4 * grounds.L)) / heavy
    return (first, *(more * each / heavy for each in kappa[1:6]), growth)


def shrinkage(kappa: Kappas, grounds: Grounds, b: Young, least: Any = min) -> tuple[Any, Any]:
    """(x, r) with E delta+ <= (1 - x) D + r, x at most 1; `least` is `numpy.minimum` over arrays."""
    growth, q, r = member(kappa, grounds, b)
    return least(least(-2 * grounds.mu * q, -2 * grounds.L * q) - growth, 1.0), r


def tightest(kappa: Kappas, grounds: Grounds, D: float) -> Young:
    """The best b at E delta <= D: where delta + U(G, M) is largest on delta = D, 2 mu D <= G <= 2 L D."""
    D = min(max(D, SMALLEST), LARGEST)
    low, high = 2 * grounds.mu * D, 2 * grounds.L * D
    k0, k1, k2, k3, k4 = kappa[:5]
    B, rest = grounds.B, 2 * grounds.A * D + grounds.C

    def rises(G: float) -> bool:
        """Whether U grows with G; it is concave, so once it falls it falls for good."""
        M, root = rest + B * G, 2 * math.sqrt(G)
        slope = -k0 + B * k3 + k2 / root
        if M > 0:
            root_of_M = math.sqrt(M)
            slope += k1 * (M + B * G) / (root * root_of_M) + k4 * B / (2 * root_of_M)
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


class Best(NamedTuple):
    """A member: b1, b2, b3, sigma, and the share of PL at y; with (x, r) of `shrinkage`."""

    b: Young
    sigma: float
    share: float
    x: float
    r: float

    def after(self, D: float) -> float:
        """The bound on E delta+ from E delta <= D."""
        return (1 - self.x) * D + self.r


#: The kappas at the ends of the shares of PL at y, in which they are affine; one alone where there is none.
Mixtures = tuple[Kappas, ...]
#: The search of sigma, by factors, and of the share: the first steps, those near a member, and the last.
FIRST, LATER, LAST = (8.0, 0.25), (1.5, 0.06), (1.03, 0.01)
#: A bound that has moved by less than this factor starts no search.
AGAIN = 1.4


def mixed(mixtures: Mixtures, grounds: Grounds, sigma: Any, share: Any) -> Kappas:
    """The kappas at this share, with the bonus."""
    kappa = list(mixtures[0])
    if len(mixtures) > 1:
        kappa = [(1 - share) * one + share * other for one, other in zip(*mixtures, strict=True)]
    kappa[2] = (kappa[2] + abs(kappa[2])) / 2
    return with_bonus(kappa, grounds, sigma)


#: `mixed` of numbers: a search and the next time often ask for the same.
_mixed_once = lru_cache(maxsize=64)(mixed)


def best(mixtures: Mixtures, grounds: Grounds, D: float, near: Best | None = None, search: bool = True) -> Best:
    """The member with the smallest bound at E delta <= D that is found, without a bonus or near another member."""
    D = min(max(D, SMALLEST), LARGEST)

    def at(sigma: float, share: float) -> Best:
        kappa = _mixed_once(mixtures, grounds, sigma, share)
        b = tightest(kappa, grounds, D)
        return Best(b, sigma, share, *shrinkage(kappa, grounds, b))

    def value(one: Best) -> float:
        return one.after(D)

    def searched(one: Best, factor: float, step: float) -> Best:
        """By ever smaller changes of sigma and of the share, each alone."""
        while factor > LAST[0] or step > LAST[1]:
            sides = [at(one.sigma * factor, one.share), at(one.sigma / factor, one.share)] if one.sigma else []
            if len(mixtures) > 1:
                sides += [at(one.sigma, min(one.share + step, 1.0)), at(one.sigma, max(one.share - step, 0.0))]
            side = min(sides, key=value, default=one)
            if value(side) < value(one) and side.sigma < 1e6:
                one = side
            else:
                factor, step = factor**0.5, step / 2
        return one

    if near is None:
        starts, steps = [at(0.0, 0.0), at(0.0, 0.5), at(1.0, 0.5)], FIRST
    elif search:
        starts, steps = [at(0.0, 0.0), at(0.0, near.share), at(near.sigma or 0.1, near.share)], LATER
    else:
        return min(at(near.sigma, near.share), at(0.0, 0.0), key=value)
    return min(starts + [searched(one, *steps) for one in starts[1:]], key=value)


def fixed_point(mixtures: Mixtures, grounds: Grounds) -> tuple[float, float, Best]:
    """(x, D, member) with limsup E delta_t <= D from every delta_0, at constant steps; D = inf if no member contracts.

    Newton from above: the bound is concave in D and a member is its tangent, so that the limits r/x of the best
    members fall to the fixed point, and each of them is a limit already.
    """
    one = best(mixtures, grounds, LARGEST)
    if one.x <= 0:
        return 0.0, math.inf, one
    for _ in range(100):
        other = best(mixtures, grounds, one.r / one.x, one)
        if not (other.x > 0 and other.r / other.x < one.r / one.x * (1 - 1e-12)):
            break
        one = other
    return one.x, one.r / one.x, one
