"""A time limit that evaluations keep: past it they raise `OutOfTime`, and whoever set it goes on with what is known.

Under `interrupting`, a signal raises it in what does not keep time by itself, such as a function that blocks.
"""

from __future__ import annotations

import contextlib
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from types import FrameType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from samtheory.errors import OutOfBudget, positive

T = TypeVar("T")

#: The most rows that are evaluated between two looks at the time.
ROWS = 64
#: Seconds past a limit after which what does not keep it is interrupted, and between two looks at that.
GRACE, LOOK = 0.5, 0.1


@dataclass
class Limit:
    """When evaluations end, by `time.monotonic`; whether something was cut short; whether an interruption is caught."""

    end: float = math.inf
    cut: bool = False
    caught: bool = False


#: Code that enters and leaves limits: an interruption there would pass the limit that is to catch it.
ENTERING = (__file__, contextlib.__file__, Limit.__init__.__code__.co_filename)

_limit: ContextVar[Limit] = ContextVar("limit", default=Limit())  # noqa: B039 - nothing is written into it


class OutOfTime(BaseException):
    """The time limit has passed. No `except Exception` around a user's function takes it for an error."""


def end_of(budget: float | None) -> float:
    """When a budget in seconds that begins now ends, by `time.monotonic`; infinite without one."""
    return math.inf if budget is None else time.monotonic() + positive("budget", budget)


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
def interrupting() -> Iterator[None]:
    """Interrupt what is still at work `GRACE` past its limit, where a `within` or `share` leaves the rest undone.

    This needs the main thread, and a signal that the program has no use for; elsewhere a call is waited for. So is a
    call of compiled code.
    """
    free = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if not free or signal.getsignal(signal.SIGALRM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _interrupt(_: int, frame: FrameType | None) -> None:
    limit, entering = _limit.get(), frame is not None and frame.f_code.co_filename in ENTERING
    if limit.caught and not entering and time.monotonic() > limit.end + GRACE:
        raise OutOfTime


@contextmanager
def until(end: float, caught: bool = False) -> Iterator[Limit]:
    """Evaluations inside end at `end`, or before where an outer limit says so; `caught` as in `Limit`."""
    outer = _limit.get()
    limit = Limit(min(end, outer.end), caught=caught)
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
def within(end: float) -> Iterator[Limit]:
    """Leave the rest of the block undone at `end`, and go on after it."""
    with suppress(OutOfTime), until(end, caught=True) as limit:
        yield limit


def share(fraction: float) -> AbstractContextManager[Limit]:
    """Spend at most a fraction of the time that is left, leave the rest of the block undone, and go on after it."""
    return within(later(fraction))


def begun(end: float, begin: Callable[[], T]) -> T:
    """`begin()`, such as the reading of a file; OutOfBudget where it is not done at `end`."""
    if math.isinf(end):
        return begin()
    with interrupting(), within(end):
        return begin()
    raise OutOfBudget("budget: ended while the problem was read: nothing is known")


def apart(function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """function(...), a long call of compiled code; under a limit on a thread of its own, which is left at the limit."""
    if math.isinf(deadline()):
        return function(*arguments, **named)
    outcome: Future[T] = Future()

    def work() -> None:
        try:
            outcome.set_result(function(*arguments, **named))
        except Exception as error:  # noqa: BLE001 - raised again by `result`
            outcome.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        return outcome.result(max(deadline() - time.monotonic(), 0.0))
    except FutureTimeout:
        raise OutOfTime from None


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
