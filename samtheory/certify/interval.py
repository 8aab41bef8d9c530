"""Ball arithmetic: a ball contains the exact number, whatever was rounded (the `arb` type of python-flint).

Float64 numbers enter exactly and leave rounded outwards, through `below` and `above`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from samtheory.errors import MissingExtra
from samtheory.execution.time_limit import keep_time

#: python-flint ships no types: a ball, a matrix of balls, and a power series with balls as coefficients.
Ball = Any
BallMatrix = Any
Series = Any

#: Bits of the midpoints. Twice float64 and more, so that float64 data give enclosures as narrow as float64 can say.
PRECISION = 128
#: Coefficients of a power series that are kept; four are needed.
SERIES = 8

P = ParamSpec("P")
T = TypeVar("T")


def flint() -> Any:
    """python-flint.

    Raises
    ------
    MissingExtra
        If it is not installed.
    """
    try:
        import flint
    except ImportError:
        raise MissingExtra("certification", "certify") from None
    return flint


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Ball arithmetic with midpoints of `bits` bits, and series up to `SERIES` coefficients, within the block."""
    context = flint().ctx
    before = context.prec, context.cap
    context.prec, context.cap = bits, SERIES
    try:
        yield
    finally:
        context.prec, context.cap = before


def precise(function: Callable[P, T]) -> Callable[P, T]:
    """The function, run at `PRECISION`."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with precision(PRECISION):
            return function(*args, **kwargs)

    return run


def ball(x: Any) -> Ball:
    """A number as a ball: a float64 or an integer exactly, a ball as it is."""
    return flint().arb(float(x) if isinstance(x, np.floating) else x)


def balls(values: Iterable[Any]) -> list[Ball]:
    """Numbers as balls."""
    keep_time()
    return [ball(value) for value in values]


def hull(low: Any, high: Any) -> Ball:
    """A ball that contains [low, high]."""
    return ball(low).union(ball(high))


def within(radius: Any) -> Ball:
    """A ball that contains [-radius, radius]."""
    return hull(-ball(radius).upper(), ball(radius).upper())


def matrix(rows: Any) -> BallMatrix:
    """A float64 array of shape (m, k), or a list of rows of balls, as a matrix of balls."""
    return flint().arb_mat(rows.tolist() if isinstance(rows, np.ndarray) else rows)


def column(vector: Iterable[Any]) -> BallMatrix:
    """A vector as a matrix with one column."""
    return matrix([[ball(entry)] for entry in vector])


def norm2(vector: BallMatrix | Iterable[Ball]) -> Ball:
    """The sum of the squares of all entries."""
    entries = vector.entries() if hasattr(vector, "entries") else vector
    return sum((entry * entry for entry in entries), ball(0))


def greatest(values: Iterable[Ball]) -> Ball:
    """A ball that contains the largest of the numbers."""
    values = list(values)
    return hull(max(value.lower() for value in values), max(value.upper() for value in values))


def below(x: Ball) -> float:
    """The largest float64 that is at most every number in the ball."""
    end = x.lower()
    near = float(end)
    return near if ball(near) <= end else math.nextafter(near, -math.inf)


def above(x: Ball) -> float:
    """The smallest float64 that is at least every number in the ball."""
    return 0.0 - below(-x)
