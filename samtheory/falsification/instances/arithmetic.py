"""The numbers an instance is evaluated in: floats for the search, rationals or intervals for a proof.

The same formulas run on all three.  In rationals a square root is one of its two rational neighbours, and the caller
says which side is safe; where that is not enough (the length of a vector inside a step), everything is an interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from mpmath import iv

#: A float, a Fraction, or an interval of mpmath.
Number = Any

iv.prec = 250
#: Square roots of rationals are good to 1 in this.
FINE = 10**40
#: Constants are written with this many digits, rounded to the safe side.
DIGITS = 12


@dataclass(frozen=True)
class Kit:
    """One kind of number.

    Attributes
    ----------
    name : "float64", "rational" or "interval"
    number : the kind's own value of a float, an int or a Fraction
    above, below : a square root, or an upper and a lower bound on it
    root, sine : the functions themselves; rationals have none
    slop : what is relatively no more than this is 0 up to rounding
    """

    name: str
    number: Callable[[Number], Number]
    above: Callable[[Number], Number]
    below: Callable[[Number], Number]
    root: Callable[[Number], Number]
    sine: Callable[[Number], Number]
    slop: Number


def decimal(value: Number) -> Fraction:
    """A float as the decimal that it prints as; an int or a Fraction as it is."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def interval(value: Number) -> Number:
    """An interval around the exact `value`."""
    exact = decimal(value)
    return iv.mpf(exact.numerator) / iv.mpf(exact.denominator)


def root_below(value: Fraction) -> Fraction:
    """The largest multiple of a small rational whose square is at most value >= 0."""
    scaled = value * FINE**2
    return Fraction(math.isqrt(scaled.numerator // scaled.denominator), FINE)


def root_above(value: Fraction) -> Fraction:
    """As `root_below`, from the other side; the root itself where that is a multiple."""
    low = root_below(value)
    return low if low * low == value else low + Fraction(1, FINE)


def irrational(value: Fraction) -> Fraction:
    """What a rational has no value of."""
    raise ArithmeticError(f"irrational at {value}: use INTERVAL")


FLOAT = Kit("float64", float, math.sqrt, math.sqrt, math.sqrt, math.sin, 1e-12)
RATIONAL = Kit("rational", decimal, root_above, root_below, irrational, irrational, 0)
INTERVAL = Kit("interval", interval, iv.sqrt, iv.sqrt, iv.sqrt, iv.sin, 0)


def rounded_up(value: Fraction, digits: int = DIGITS) -> Fraction:
    """The least decimal of so many digits that is at least `value`."""
    return _rounded(value, digits, ROUND_CEILING)


def rounded_down(value: Fraction, digits: int = DIGITS) -> Fraction:
    """The largest decimal of so many digits that is at most `value`."""
    return _rounded(value, digits, ROUND_FLOOR)


def _rounded(value: Fraction, digits: int, mode: str) -> Fraction:
    context = Context(prec=digits, rounding=mode)
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))
