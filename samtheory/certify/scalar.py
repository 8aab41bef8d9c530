"""Functions of one variable: extreme values, proved by branch and bound, and from them the constants of the theory.

A function is a formula on power series with balls as coefficients.  Expanded around a whole interval it encloses its
value and derivatives there (automatic differentiation and interval arithmetic at once).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from .interval import Ball, Series, ball, flint, hull, precise

#: A formula phi of one variable.
Formula = Callable[[Series], Series]

#: Bounds closer than `TOLERANCE` are not refined, boxes narrower than `WIDTH` not divided, at most `BOXES` looked at.
TOLERANCE, WIDTH, BOXES = 1e-13, 1e-12, 20_000


def variable(at: Ball, order: int) -> Series:
    """The series u + h, with u in the ball `at`, up to h^order."""
    return flint().arb_series([at, 1], order + 1)


def value(phi: Formula, at: Ball) -> Ball:
    """phi."""
    return phi(variable(at, 0))[0]


def slope(phi: Formula, at: Ball) -> Ball:
    """phi'."""
    return phi(variable(at, 1))[1]


def curvature(phi: Formula, at: Ball) -> Ball:
    """phi''."""
    return 2 * phi(variable(at, 2))[2]


def second_derivative(phi: Formula) -> Formula:
    """phi'' as a formula; it loses two orders of the series."""
    return lambda series: phi(series).derivative().derivative()


def pl_ratio(phi: Formula) -> Formula:
    """phi'^2/(2 phi), for a phi whose minimum is 0, as a formula; it loses one order of the series."""

    def ratio(series: Series) -> Series:
        expanded = phi(series)
        derivative = expanded.derivative()
        return derivative * derivative / (2 * expanded)

    return ratio


@dataclass(frozen=True)
class Extreme:
    """lower <= the infimum <= upper; `upper` is the value at `witness`; `boxes` intervals were looked at."""

    lower: Ball
    upper: Ball
    witness: float
    boxes: int


def lower_bound(phi: Formula, X: Ball, middle: float, at_middle: Ball, lost: int) -> Ball:
    """A number that phi stays above on X: phi(X) and phi(m) + phi'(X)(X - m) both enclose phi."""
    try:
        over = phi(variable(X, lost + 1))
    except (ValueError, ZeroDivisionError):  # X is too wide for a denominator to be kept off 0
        return ball(float("-inf"))
    ends = [over[0].lower(), (at_middle + over[1] * (X - middle)).lower()]
    return max((end for end in ends if not end.is_nan()), default=ball(float("-inf")))


@precise
def infimum(phi: Formula, low: float, high: float, lost: int = 0, tolerance: float = TOLERANCE) -> Extreme:
    """Bounds on inf phi over [low, high], by bisecting the interval whose lower bound is the smallest.

    Parameters
    ----------
    phi : the formula
    lost : the orders of the series that it loses to derivatives in it
    tolerance : the distance of the bounds to aim at
    """
    best, witness = ball(float("inf")), low

    def box(left: float, right: float) -> tuple[float, float, float, Ball]:
        nonlocal best, witness
        middle = (left + right) / 2
        at_middle = phi(variable(ball(middle), lost))[0]
        if at_middle.upper() < best:
            best, witness = at_middle.upper(), middle
        lowest = lower_bound(phi, hull(left, right), middle, at_middle, lost)
        return float(lowest), left, right, lowest

    heap, boxes = [box(low, high)], 1
    finished: list[Ball] = []
    while heap and boxes < BOXES:
        _, left, right, lowest = heap[0]
        if best - lowest <= tolerance:
            break
        heapq.heappop(heap)
        if right - left < WIDTH:
            finished.append(lowest)
            continue
        middle = (left + right) / 2
        heapq.heappush(heap, box(left, middle))
        heapq.heappush(heap, box(middle, right))
        boxes += 2
    remaining = [lowest for *_, lowest in heap] + finished
    return Extreme(min(remaining), best, witness, boxes)
