"""From formulas to floats, and the powers (1 - x)^t without loss of digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from ..constants import Array


@lru_cache(maxsize=None)
def _compiled(expression: sp.Expr) -> tuple[tuple[str, ...], Callable[..., float]]:
    symbols = sorted(expression.free_symbols, key=lambda symbol: str(symbol))
    return tuple(str(symbol) for symbol in symbols), sp.lambdify(symbols, expression, modules="math")


def number(expression: Any, values: Mapping[str, float], **more: float) -> float:
    """The float value of a SymPy expression; inf where it divides by 0."""
    names, function = _compiled(sp.sympify(expression))
    try:
        return float(function(*(more[name] if name in more else values[name] for name in names)))
    except ZeroDivisionError:
        return math.inf


def decay(x: float, t: Any) -> Array:
    """(1 - x)^t for 0 <= x <= 1 and t >= 0 (scalar or array), through log1p."""
    t = np.asarray(t, dtype=np.float64)
    if x >= 1:
        return np.where(t == 0, 1.0, 0.0)
    return np.exp(t * math.log1p(-x))


def accumulated(x: float, t: Any) -> Array:
    """1 - (1 - x)^t for 0 <= x <= 1 and t >= 0 (scalar or array), through expm1."""
    t = np.asarray(t, dtype=np.float64)
    if x >= 1:
        return np.where(t == 0, 0.0, 1.0)
    return -np.expm1(t * math.log1p(-x))


def first_at_most(bound: Callable[[int], float], epsilon: float, start: int = 0, limit: int = 10**18) -> int | None:
    """The smallest t >= start with bound(t) <= epsilon, for a bound that is nonincreasing; None if none up to `limit`."""
    if bound(start) <= epsilon:
        return start
    low, high = start, start + 1
    while bound(high) > epsilon:
        low, high = high, 2 * high + 1
        if low > limit:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bound(middle) <= epsilon else (middle, high)
    return high
