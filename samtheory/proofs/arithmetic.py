"""The value of an expression at a few points, in exact fractions: where two sides differ, they are not equal."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from math import isqrt
from typing import Any

import sympy as sp

from .checker import Obligation
from .facts import MEANING

#: Points at which an expression is looked at.
POINTS = 4


class Undecided(Exception):
    """The value is not a fraction."""


#: Values of expressions that depend on no name which is changed, by point.
KEPT: tuple[dict[Any, Fraction], ...] = tuple({} for _ in range(POINTS))


def residuals(obligation: Obligation, fresh: bool) -> Iterator[Fraction]:
    """The value of gap - sum of m * gap_k at `POINTS` points with positive coordinates, squares to have roots.

    Parameters
    ----------
    fresh : whether some name has another meaning than usual

    Raises
    ------
    Undecided
        If a value is not a fraction.
    """
    for seed, kept in enumerate(KEPT):
        cache = {} if fresh else kept
        parts = (value(m, seed, cache) * value(gap, seed, cache) for m, gap, _ in obligation.by)
        yield value(obligation.gap, seed, cache) - sum(parts)


def value(x: Any, seed: int, cache: dict[Any, Fraction]) -> Fraction:
    """The value at the point number `seed`."""
    if x in cache:
        return cache[x]
    if x.is_Rational:
        found = Fraction(int(x.p), int(x.q))
    elif x in MEANING:
        found = value(MEANING[x], seed, cache)
    elif x.is_Add:
        found = sum((value(part, seed, cache) for part in x.args), Fraction(0))
    elif x.is_Mul:
        found = Fraction(1)
        for part in x.args:
            found *= value(part, seed, cache)
    elif x.is_Pow:
        found = power(value(x.base, seed, cache), value(x.exp, seed, cache))
    elif isinstance(x, (sp.Max, sp.Min)):
        parts = [value(part, seed, cache) for part in x.args]
        found = max(parts) if isinstance(x, sp.Max) else min(parts)
    else:
        found = coordinate(str(x), x.is_integer, seed)
    cache[x] = found
    return found


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """base^exponent, for halves of whole exponents."""
    if (
        exponent.denominator > 2
        or abs(exponent) > 40
        or (base <= 0 and exponent < 0)
        or (base < 0 and exponent.denominator > 1)
    ):
        raise Undecided
    if exponent.denominator == 2:
        base = Fraction(root(base.numerator), root(base.denominator))
    return base**exponent.numerator


def root(n: int) -> int:
    """The square root of a square."""
    found = isqrt(n)
    if found * found != n:
        raise Undecided
    return found


def coordinate(name: str, whole: bool | None, seed: int) -> Fraction:
    """The value of a symbol: a square, and a small whole number for a time."""
    draw = random.Random(f"{name} {seed}")
    return Fraction(draw.randint(2, 5)) if whole else Fraction(draw.randint(1, 12), draw.randint(3, 12)) ** 2
