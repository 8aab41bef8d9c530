"""The scalar functions behind the catalogue, as formulas of ball arithmetic, with what is known of them far out.

Branch and bound proves things on an interval; a hand-made bound covers the rest of the line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from .certificate import Certificate, certify
from .interval import Ball, Series, ball, hull, precise
from .scalar import Formula, curvature, infimum, pl_ratio, second_derivative


@dataclass(frozen=True)
class Curve:
    """A function phi >= 0 with inf phi = 0 on the line.

    Attributes
    ----------
    text : phi, for people
    phi : its formula
    reach : where "far out" begins
    beyond : reach -> (inf, sup) of phi'' for |u| >= reach, or bounds on them
    because : why, for people
    minimiser : where phi = 0; None where 0 is not attained
    convex : whether phi'' >= 0
    pl_beyond : reach -> a lower bound of phi'^2/(2 phi) for |u| >= reach, 0 where there is none
    """

    text: str
    phi: Formula
    reach: float
    beyond: Callable[[Ball], tuple[Ball, Ball]]
    because: str
    minimiser: float | None = 0.0
    convex: bool = False
    pl_beyond: Callable[[Ball], Ball] | None = None
    pl_because: str = ""


@dataclass(frozen=True)
class Bend:
    """The range of phi'': its supremum and infimum, and a point where it is the largest, up to 1e-13."""

    highest: Certificate
    lowest: Certificate
    at: float


@cache
@precise
def bend(curve: Curve) -> Bend:
    """inf phi'' and sup phi'' over the line."""
    second, reach = second_derivative(curve.phi), curve.reach
    floor, ceiling = curve.beyond(ball(reach))
    top = infimum(lambda series: -second(series), -reach, reach, lost=2)
    searched = f"|u| <= {reach:g}: branch and bound on phi'' in {{}} boxes"
    steps = [f"phi(u) = {curve.text}", searched.format(top.boxes), f"|u| > {reach:g}: {curve.because}"]
    highest = certify("sup phi''", -top.upper, max(-top.lower, ceiling.upper()), steps)
    if curve.convex:
        lowest = certify("inf phi''", ball(0), curvature(curve.phi, ball(reach)), (steps[0], steps[2]))
        return Bend(highest, lowest, top.witness)
    bottom = infimum(second, -reach, reach, lost=2)
    steps[1] = searched.format(bottom.boxes)
    lowest = certify("inf phi''", min(bottom.lower, floor.lower()), bottom.upper, steps)
    return Bend(highest, lowest, top.witness)


#: Within `NEAR` of the minimiser, strong convexity takes the place of phi'^2/(2 phi), a 0/0 there; what lies beyond
#: `FAR`, branch and bound leaves to `Curve.pl_beyond`.
NEAR, FAR = 0.25, 8.0


@cache
@precise
def pl_constant(curve: Curve, reach: float | None = None) -> Certificate:
    """inf phi'^2/(2 phi), for a phi with phi(0) = 0 <= phi: over |u| <= reach, over the line where it is None.

    The certificate's `lower` is 0 where no positive constant can be proved.
    """
    far = FAR if reach is None else reach
    near = min(NEAR, far / 2)
    ratio = pl_ratio(curve.phi)
    sides = [infimum(ratio, low, high, lost=1) for low, high in ((near, far), (-far, -near))]
    bent = curvature(curve.phi, hull(-near, near)).lower()
    steps = [
        f"phi(u) = {curve.text}, phi(0) = 0 <= phi",
        f"|u| <= {near:g}: phi'' >= m = {float(bent):.6g}, and strong convexity gives phi'^2 >= 2 m phi",
        f"{near:g} <= |u| <= {far:g}: branch and bound on phi'^2/(2 phi), {sum(side.boxes for side in sides)} boxes",
    ]
    parts = [*(side.lower for side in sides), bent]
    if reach is None:
        beyond = ball(0) if curve.pl_beyond is None else curve.pl_beyond(ball(far)).lower()
        parts.append(beyond)
        steps.append(f"|u| > {far:g}: {curve.pl_because or 'nothing is known'}: phi'^2/(2 phi) >= {float(beyond):.6g}")
    found = min(sides, key=lambda side: float(side.upper))
    steps.append(f"witness: phi'^2/(2 phi) is at most {float(found.upper):.12g} at u = {found.witness!r}")
    return certify("mu", max(min(parts), ball(0)), found.upper, steps)


@cache
def sine(a: float) -> Curve:
    """u^2 + a sin^2 u, a >= 0."""

    def phi(u: Series) -> Series:
        s = u.sin()
        return u * u + a * s * s

    return Curve(
        text=f"u^2 + {a:g} sin^2 u",
        phi=phi,
        reach=2.0,
        beyond=lambda _: (ball(2) - 2 * ball(a), ball(2) + 2 * ball(a)),
        because="phi'' = 2 + 2a cos 2u repeats itself after pi",
        pl_beyond=lambda R: (2 * R - a) ** 2 / (2 * (R * R + a)) if 2 * R > a else ball(0),
        pl_because="phi' >= 2u - a > 0, phi <= u^2 + a, and (2u - a)^2/(2(u^2 + a)) grows with u > a/2",
    )


def _squared(u: Series) -> Series:
    return u * u / 2


def _logistic(u: Series) -> Series:
    return (1 + (-u).exp()).log()


def _sigmoid(u: Series) -> Series:
    return 1 / (1 + u.exp())


def _geman_mcclure(u: Series) -> Series:
    return 1 - 1 / (1 + u * u)


def _cauchy(u: Series) -> Series:
    return (1 + u * u).log()


def _welsch(u: Series) -> Series:
    return 1 - (-u * u / 2).exp()


#: The losses of `objectives.losses` by key; logistic and sigmoid as functions of the margin u = b t, the others of
#: the residual u = t - b.
CURVES = {
    "squared": Curve("u^2/2", _squared, 1.0, lambda _: (ball(1), ball(1)), "phi'' = 1", convex=True),
    "logistic": Curve(
        "log(1 + exp(-u))",
        _logistic,
        16.0,
        lambda R: (ball(0), (-R).exp()),
        "0 < phi'' = s(1 - s) <= exp(-|u|), s the logistic function",
        minimiser=None,
        convex=True,
    ),
    "sine": sine(3.0),
    "sigmoid": Curve(
        "1/(1 + exp(u))",
        _sigmoid,
        16.0,
        lambda R: (-(-R).exp(), (-R).exp()),
        "|phi''| = s(1 - s)|1 - 2s| <= exp(-|u|), s the logistic function",
        minimiser=None,
    ),
    "geman-mcclure": Curve(
        "u^2/(1 + u^2)",
        _geman_mcclure,
        8.0,
        lambda R: (-6 / R**4, ball(0)),
        "0 >= phi'' = 2(1 - 3u^2)/(1 + u^2)^3 >= -6/u^4",
    ),
    "cauchy": Curve(
        "log(1 + u^2)",
        _cauchy,
        8.0,
        lambda R: (-2 / R**2, ball(0)),
        "0 >= phi'' = 2(1 - u^2)/(1 + u^2)^2 >= -2/u^2",
    ),
    "welsch": Curve(
        "1 - exp(-u^2/2)",
        _welsch,
        8.0,
        lambda R: (-(R**2) * (-R * R / 2).exp(), ball(0)),
        "0 >= phi'' = (1 - u^2) exp(-u^2/2) >= -u^2 exp(-u^2/2), which falls in |u| from sqrt 2 on",
    ),
}
#: The losses whose argument is the margin b t, for labels b = -1, +1.
MARGIN = {"logistic", "sigmoid"}
