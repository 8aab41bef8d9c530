"""The two ways samtheory says no: the input is wrong, or the statement does not cover the case."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._typing import Array


class InputError(ValueError):
    """Bad input: one line that names the parameter, the value and what is allowed."""


class CannotWrite(InputError):
    """A file could not be written to its end, as on a full disk, after the work was done."""


class OutOfBudget(InputError):
    """The budget ended before anything was known."""


class NotApplicable(Exception):
    """A theorem, sampling or check does not cover this problem; the message is the reason."""


class Contradiction(RuntimeError):
    """A bound contradicts the one-step inequality that it follows from: a fault of the theorem's file, see `debug`."""


class MissingExtra(InputError):
    """An optional dependency is not installed; the message names the extra that brings it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f'{what} needs an extra that is not installed: pip install "samtheory[{extra}]"')
        self.what, self.extra = what, extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return MissingExtra, (self.what, self.extra)  # a worker sends it home


#: Characters that end a line or move a cursor.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def escaped(text: str) -> str:
    """The text with control characters as escapes, on one line.

    Examples
    --------
    >>> print(escaped("a\\tb"))
    a\\tb
    """
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


#: Characters of a bad value that a message repeats.
LONGEST = 200


def reject(name: str, value: Any, allowed: str) -> InputError:
    """The error for parameter `name` with a bad `value`; `allowed` says what it may be."""
    text = escaped(value) if isinstance(value, str) else " ".join(str(value).split())
    return InputError(f"{name}={text if len(text) <= LONGEST else text[:LONGEST] + '...'}: must be {allowed}")


def no_such(kind: str, word: str, names: Iterable[str], allowed: Iterable[str]) -> InputError:
    """The error for a name that does not exist, with the nearest one that does, or all that is allowed."""
    near = difflib.get_close_matches(word.partition(":")[0], list(names), n=1)
    hint = f"did you mean {near[0]}?" if near else "must be one of " + ", ".join(allowed)
    return InputError(f"{kind}={escaped(word)}: no such {kind}: {hint}")


def finite(name: str, value: Any, allowed: str = "a finite number") -> float:
    """`value` as a finite float, or InputError."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise reject(name, value, allowed) from None
    if isinstance(value, bool) or not math.isfinite(number):
        raise reject(name, value, allowed)
    return number


def positive(name: str, value: Any) -> float:
    """`value` as a finite float above 0, or InputError."""
    number = finite(name, value, "a finite number above 0")
    if number <= 0:
        raise reject(name, value, "a finite number above 0")
    return number


def nonnegative(name: str, value: Any) -> float:
    """`value` as a finite float, at least 0, or InputError."""
    number = finite(name, value, "a finite number, at least 0")
    if number < 0:
        raise reject(name, value, "a finite number, at least 0")
    return number


def whole(name: str, value: Any, least: int = 0) -> int:
    """`value` as an int of at least `least`, or InputError."""
    allowed = f"a whole number, at least {least}"
    number = finite(name, value, allowed)
    exact = value if isinstance(value, int) else int(number)
    if number != float(exact) or exact < least:
        raise reject(name, value, allowed)
    return exact


def float_array(name: str, value: Any, allowed: str) -> Array:
    """`value` as float64 numbers, or InputError: of ragged rows, of words, of a whole number that no float64 holds."""
    import numpy as np  # here, as `samtheory --help` loads no NumPy

    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise reject(name, type(value).__name__, allowed) from None


def finite_array(name: str, value: Any, shape: tuple[int, ...]) -> Array:
    """`value` as finite float64 numbers of this shape, or InputError."""
    import numpy as np

    allowed = f"finite numbers of shape {shape}"
    found = float_array(name, value, allowed)
    if found.shape != shape:
        raise reject(name, f"shape {found.shape}", allowed)
    if not np.isfinite(found).all():
        raise reject(name, "not finite", allowed)
    return found


def words(name: str, value: Any) -> frozenset[str]:
    """One word or several, or InputError."""
    found = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else [value]
    if not all(isinstance(word, str) for word in found):
        raise reject(name, value, "one word or several")
    return frozenset(found)


def probability(name: str, value: Any) -> float:
    """A number in (0, 1), or InputError."""
    number = finite(name, value, "a number in (0, 1)")
    if not 0 < number < 1:
        raise reject(name, value, "a number in (0, 1)")
    return number


def fraction(name: str, value: Any) -> float:
    """A number in [0, 1), or InputError."""
    number = finite(name, value, "a number in [0, 1)")
    if not 0 <= number < 1:
        raise reject(name, value, "a number in [0, 1)")
    return number


def truth(name: str, value: Any) -> bool:
    """True or False, or InputError."""
    if not isinstance(value, bool):
        raise reject(name, value, "True or False")
    return value
