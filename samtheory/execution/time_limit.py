"""A time limit that evaluations keep: past it they raise `OutOfTime`, and whoever set it goes on with what is known."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T")

#: The most rows that are evaluated between two looks at the time.
ROWS = 64


@dataclass
class Limit:
    """When evaluations end, by `time.monotonic`, and whether something was cut short because of it."""

    end: float = math.inf
    cut: bool = False


_limit: ContextVar[Limit] = ContextVar("limit", default=Limit())  # noqa: B039 - nothing is written into it


class OutOfTime(BaseException):
    """The time limit has passed. No `except Exception` around a user's function takes it for an error."""


def deadline() -> float:
    """When the innermost limit passes, by `time.monotonic`; infinite without one."""
    return _limit.get().end


def cut() -> bool:
    """Whether something was cut short under the innermost limit."""
    return _limit.get().cut


def passed() -> bool:
    """Whether a limit has passed."""
    return time.monotonic() > deadline()


def keep_time() -> None:
    """Raise OutOfTime where a limit has passed: between any two steps that may be slow."""
    if passed():
        raise OutOfTime


@contextmanager
def until(end: float) -> Iterator[Limit]:
    """Evaluations inside end at `end`, or before where an outer limit says so."""
    outer = _limit.get()
    limit = Limit(min(end, outer.end))
    token = _limit.set(limit)
    try:
        yield limit
    except OutOfTime:
        limit.cut = True
        raise
    finally:
        _limit.reset(token)
        if math.isfinite(outer.end):
            outer.cut |= limit.cut


def later(fraction: float) -> float:
    """When a fraction of the time that is left is spent, by `time.monotonic`."""
    now = time.monotonic()
    return now + fraction * (deadline() - now)


@contextmanager
def share(fraction: float) -> Iterator[Limit]:
    """Spend at most a fraction of the time that is left, leave the rest of the block undone, and go on after it."""
    with suppress(OutOfTime), until(later(fraction)) as limit:
        yield limit


def in_time(fraction: float, compute: Callable[[], T], otherwise: T) -> T:
    """`compute()` within a share of the time that is left, else `otherwise`."""
    with share(fraction):
        return compute()
    return otherwise


def rows_in_time(evaluate: Callable[[npt.NDArray[Any]], npt.NDArray[Any]], X: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """evaluate(X), or of as many first rows as half of the time that is left allows; raise where that is none.

    Parameters
    ----------
    evaluate : X of shape (R, ...) -> (R, ...), row by row
    """
    if math.isinf(deadline()):
        return evaluate(X)
    parts: list[npt.NDArray[Any]] = []
    with share(0.5):
        first, count = 0, 1
        while first < len(X):
            parts.append(evaluate(X[first : first + count]))
            first, count = first + count, min(2 * count, ROWS)
    if not parts:
        parts.append(evaluate(X[:1]))
    return np.concatenate(parts)
