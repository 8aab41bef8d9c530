"""The kinds of number an instance is evaluated in: floats for the search, rationals or intervals for a proof.

The same formulas run in all three.  In rationals a square root is bounded by two neighbouring rationals, and the caller
says which bound is safe; where that is not enough (the length of a vector inside a step), everything is an interval.

The intervals are those of mpmath, which SymPy brings along: `certify` has the faster ones of python-flint, an optional
extra that `falsify` must not need.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from mpmath.ctx_iv import MPIntervalContext

#: A float, a Fraction, or an interval of `INTERVALS`.
Number = Any

#: Interval arithmetic with a precision of its own: that of `mpmath.iv` belongs to whoever else uses mpmath.
INTERVALS = MPIntervalContext()
INTERVALS.prec = 250
#: Square roots of rationals are bounded to within 1 in this.
FINE = 10**40
#: Constants are written with this many digits, rounded to the safe side.
DIGITS = 12


@dataclass(frozen=True)
class NumberType:
    """One kind of number.

    Attributes
    ----------
    name : "float64", "rational" or "interval"
    number : the value of a float, an int or a Fraction in this kind
    sqrt_upper, sqrt_lower : the square root, or an upper or lower bound on it
    sqrt, sin : the functions themselves; rationals have none
    tolerance : relative rounding error, below which a difference counts as 0
    """

    name: str
    number: Callable[[Number], Number]
    sqrt_upper: Callable[[Number], Number]
    sqrt_lower: Callable[[Number], Number]
    sqrt: Callable[[Number], Number]
    sin: Callable[[Number], Number]
    tolerance: Number


def decimal(value: Number) -> Fraction:
    """A float as the decimal that it prints as; an int or a Fraction as it is."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def interval(value: Number) -> Number:
    """An interval around the exact `value`."""
    exact = decimal(value)
    return INTERVALS.mpf(exact.numerator) / INTERVALS.mpf(exact.denominator)


def sqrt_lower(value: Fraction) -> Fraction:
    """The largest multiple of 1/`FINE` whose square is at most value >= 0."""
    scaled = value * FINE**2
    return Fraction(math.isqrt(scaled.numerator // scaled.denominator), FINE)


def sqrt_upper(value: Fraction) -> Fraction:
    """The smallest multiple of 1/`FINE` whose square is at least value >= 0."""
    low = sqrt_lower(value)
    return low if low * low == value else low + Fraction(1, FINE)


def irrational(value: Fraction) -> Fraction:
    """Refuse a function that has no rational values."""
    raise ArithmeticError(f"irrational at {value}: use INTERVAL")


FLOAT = NumberType("float64", float, math.sqrt, math.sqrt, math.sqrt, math.sin, 1e-12)
RATIONAL = NumberType("rational", decimal, sqrt_upper, sqrt_lower, irrational, irrational, 0)
INTERVAL = NumberType("interval", interval, INTERVALS.sqrt, INTERVALS.sqrt, INTERVALS.sqrt, INTERVALS.sin, 0)


def rounded_up(value: Fraction, digits: int = DIGITS) -> Fraction:
    """The least decimal of so many digits that is at least `value`."""
    return _rounded(value, digits, ROUND_CEILING)


def rounded_down(value: Fraction, digits: int = DIGITS) -> Fraction:
    """The largest decimal of so many digits that is at most `value`."""
    return _rounded(value, digits, ROUND_FLOOR)


def _rounded(value: Fraction, digits: int, mode: str) -> Fraction:
    context = Context(prec=digits, rounding=mode)
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))
