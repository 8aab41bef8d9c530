"""gamma_t, rho_t and lambda_t: a number, a named rule, listed values, or a callable of t = 0, 1, ..."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from .errors import finite, reject

if TYPE_CHECKING:
    from ._typing import Array

#: A parameter's rule over time.
Rule = float | str | Callable[[int], float]

#: The lam where none is given: halfway between USAM and SAM, and a lam that every parameter of the method enters.
LAM = 0.5

#: Rules that go by a name, of one t or an array; `1/t` counts steps from one, so t = 0, 1, ... gives 1, 1/2, ...
NAMED: dict[str, Callable[[Any], Any]] = {
    "1/t": lambda t: 1.0 / (t + 1),
    "1-1/t": lambda t: 1.0 - 1.0 / (t + 1),
}

#: The limits of the named rules, which are monotone.
LIMITS = {"1/t": 0.0, "1-1/t": 1.0}


@dataclass(frozen=True)
class Listed:
    """Values at t = 0, 1, ..., the last one for ever; written 30,0.5.

    Attributes
    ----------
    values : at least one number

    Examples
    --------
    >>> [Listed((30.0, 0.5))(t) for t in range(4)], str(Listed((30.0, 0.5)))
    ([30.0, 0.5, 0.5, 0.5], '30,0.5')
    """

    values: tuple[float, ...]

    def __call__(self, t: int) -> float:
        return self.values[min(t, len(self.values) - 1)]

    def __str__(self) -> str:
        return ",".join(map(rule_text, self.values))


_ALLOWED: dict[str, tuple[Callable[[float], bool], str]] = {
    "gamma": (lambda v: v > 0, "a finite number above 0"),
    "rho": (lambda v: v >= 0, "a finite number, at least 0"),
    "lam": (lambda v: 0 <= v <= 1, "a number in [0, 1], 1/t or 1-1/t"),
}


def parameter(name: str, value: Any) -> float:
    """One value of gamma, rho or lam, checked (gamma > 0, rho >= 0, 0 <= lam <= 1)."""
    good, allowed = _ALLOWED[name]
    number = finite(name, value, allowed)
    if not good(number):
        raise reject(name, value, allowed)
    return number


def rule(name: str, value: Any) -> Rule:
    """`value` as a rule for parameter `name`: numbers are checked now, another callable when it is used."""
    if isinstance(value, str) and "," in value:
        value = Listed(tuple(parameter(name, part) for part in value.split(",")))
    if isinstance(value, Listed):
        return Listed(tuple(parameter(name, each) for each in value.values))
    if callable(value):
        return value  # type: ignore[no-any-return]
    if isinstance(value, str) and value in NAMED:
        return value
    return parameter(name, value)


def is_constant(value: Rule) -> bool:
    """Whether the rule is a plain number."""
    return isinstance(value, (int, float))


@dataclass(frozen=True)
class Schedule:
    """The three parameters of Unified SAM over time.

    Parameters
    ----------
    gamma : step size, > 0
    rho : ascent radius, >= 0
    lam : 0 is USAM, 1 is SAM; irrelevant where rho = 0
    """

    gamma: Rule
    rho: Rule = 0.0
    lam: Rule = LAM

    def __post_init__(self) -> None:
        for name in ("gamma", "rho", "lam"):
            object.__setattr__(self, name, rule(name, getattr(self, name)))

    @property
    def constant(self) -> bool:
        """Whether nothing changes with t."""
        return all(is_constant(value) for value in (self.gamma, self.rho, self.lam))

    def at(self, t: int) -> tuple[float, float, float]:
        """(gamma_t, rho_t, lam_t)."""
        return self._value("gamma", t), self._value("rho", t), self._value("lam", t)

    def corners(self, t: int) -> list[tuple[float, float, float]] | None:
        """The corners of the smallest box that holds every later (gamma_s, rho_s, lam_s), s >= t.

        None if a rule is a callable, of which nothing is known beyond what it was asked for.
        """
        ends: list[tuple[float, ...]] = []
        for name in ("gamma", "rho", "lam"):
            value: Rule = getattr(self, name)
            if isinstance(value, Listed):
                later = value.values[min(t, len(value.values) - 1) :]
                ends.append((min(later), max(later)))
                continue
            if callable(value):
                return None
            now = self._value(name, t)
            ends.append((now,) if is_constant(value) else (now, LIMITS[str(value)]))
        return [(gamma, rho, lam) for gamma in ends[0] for rho in ends[1] for lam in ends[2]]

    def arrays(self, start: int, stop: int) -> tuple[Array, Array, Array]:
        """gamma_t, rho_t, lam_t for t = start, ..., stop - 1, each of shape (stop - start,)."""
        gamma, rho, lam = (self._array(name, start, stop) for name in ("gamma", "rho", "lam"))
        return gamma, rho, lam

    def _value(self, name: str, t: int) -> float:
        value: Rule = getattr(self, name)
        if isinstance(value, str):
            value = NAMED[value]
        return _at(value, name, t) if callable(value) else float(value)

    def _array(self, name: str, start: int, stop: int) -> Array:
        import numpy as np  # here, as the command line reads named rules before it needs arrays

        value: Rule = getattr(self, name)
        if isinstance(value, (int, float)):
            return np.full(stop - start, float(value))
        if isinstance(value, str):
            found: Array = NAMED[value](np.arange(start, stop))
            for end in (*found[:1], *found[-1:]):  # the named rules are monotone
                parameter(name, end)
            return found
        if isinstance(value, Listed):
            return np.array(value.values)[np.minimum(np.arange(start, stop), len(value.values) - 1)]
        called = _called if isinstance(value, FunctionType) else _called.__wrapped__  # others may have no hash
        return called(value, name, start, stop)


def _at(value: Callable[[int], float], name: str, t: int) -> float:
    """The value of a rule at t, checked."""
    try:
        found = value(t)
    except Exception as error:
        raise reject(name, f"{rule_text(value)}({t})", f"a rule of t, which raised {error!r}") from error
    return parameter(name, found)


@lru_cache(maxsize=64)
def _called(value: Callable[[int], float], name: str, start: int, stop: int) -> Array:
    """The values of a rule at start, ..., stop - 1, which nobody may write into."""
    import numpy as np

    found = _floats(value, name, start, stop)
    if found is None:  # slower, and says what is wrong
        found = [_at(value, name, t) for t in range(start, stop)]
    values = np.array(found)
    values.setflags(write=False)
    return values


def _floats(value: Callable[[int], float], name: str, start: int, stop: int) -> list[float] | None:
    """The values of a rule where all of them are floats that are allowed, which are an interval; else None."""
    with suppress(Exception):
        found = [value(t) for t in range(start, stop)]
        if set(map(type, found)) == {float} and math.isfinite(math.fsum(found)):
            good, _ = _ALLOWED[name]
            return found if good(min(found)) and good(max(found)) else None
    return None


def rule_text(value: Rule) -> str:
    """A rule as people write it: 0, 0.5, 1/t; the name of a callable."""
    if isinstance(value, Listed):
        return str(value)
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return value if isinstance(value, str) else repr(int(value) if value == int(value) else value)
