"""From formulas to floats, and the powers (1 - x)^t without loss of digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from samtheory._typing import Array

#: Longer than this no bound is followed: 2^1000 is near the largest float64.
LONGEST = 2**1000
#: Digits of a value that float64 cannot compute directly.
DIGITS = 40


def _largest(*values: Any) -> Any:
    return reduce(np.maximum, values)


def _smallest(*values: Any) -> Any:
    return reduce(np.minimum, values)


@cache
def _compiled(expression: sp.Expr, arrays: bool) -> tuple[tuple[str, ...], Callable[..., Any]]:
    symbols = sorted(expression.free_symbols, key=str)
    modules: Any = "math"
    if arrays:
        # NumPy's own Max takes arrays of one shape only.
        expression = expression.replace(sp.Max, sp.Function("largest")).replace(sp.Min, sp.Function("smallest"))
        modules = [{"largest": _largest, "smallest": _smallest}, "numpy"]
    return tuple(map(str, symbols)), sp.lambdify(symbols, expression, modules=modules)


@cache
def _precise(formula: sp.Expr) -> tuple[tuple[str, ...], Callable[..., Any]]:
    symbols = sorted(formula.free_symbols, key=str)
    return tuple(map(str, symbols)), sp.lambdify(symbols, formula, modules="mpmath")


def evaluate(expression: Any, values: Mapping[str, Any], **more: Any) -> Any:
    """A SymPy expression at floats, or at arrays that broadcast."""
    now = {**values, **more}
    formula = expression if isinstance(expression, sp.Basic) else sp.sympify(expression)
    arrays = any(isinstance(each, np.ndarray) for each in now.values())
    names, function = _compiled(formula, arrays)
    try:
        return function(*(now[name] for name in names))
    except (OverflowError, ZeroDivisionError):
        if arrays:
            raise
        return _of_any_size(formula, now)


def _of_any_size(formula: sp.Expr, values: Mapping[str, Any]) -> float:
    """The value where a power in the formula is outside of float64, above or below; inf where the value itself is.

    Raises
    ------
    ZeroDivisionError
        If the formula divides by 0.
    """
    names, function = _precise(formula)
    with mpmath.workdps(DIGITS):
        exact = function(*(mpmath.mpf(values[name]) for name in names))
        return float(exact)  # beyond the largest float64, mpmath gives inf


def number(expression: Any, values: Mapping[str, float], **more: float) -> float:
    """The float value of a SymPy expression; inf where it divides by 0."""
    try:
        return float(evaluate(expression, values, **more))
    except ZeroDivisionError:
        return math.inf


def decay(x: float, t: Any) -> Array:
    """(1 - x)^t for x <= 1 and t >= 0 (scalar or array), through log1p; x < 0 is growth."""
    t = np.asarray(t, dtype=np.float64)
    if x >= 1:
        return np.where(t == 0, 1.0, 0.0)
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(t * math.log1p(-x)))


def accumulated(x: float, t: Any) -> Array:
    """1 - (1 - x)^t for x <= 1 and t >= 0 (scalar or array), through expm1."""
    t = np.asarray(t, dtype=np.float64)
    if x >= 1:
        return np.where(t == 0, 0.0, 1.0)
    with np.errstate(over="ignore"):
        return np.asarray(-np.expm1(t * math.log1p(-x)))


def summed(x: float, t: Any) -> Array:
    """1 + (1 - x) + ... + (1 - x)^(t-1) for x <= 1 and t >= 0 (scalar or array)."""
    with np.errstate(over="ignore"):
        return np.asarray(accumulated(x, t) / x if x else t, dtype=np.float64)


def unrolled(x: float, noise: float, t: Any, start: float) -> Array:
    """D_t (t scalar or array) of D_0 = start, D_{t+1} = (1 - x) D_t + noise; x <= 1."""
    t = np.asarray(t, dtype=np.float64)
    # Avoid 0 * inf.
    with np.errstate(over="ignore"):
        kept = start * decay(x, t) if start else 0 * t
        added = noise * summed(x, t) if noise else 0 * t
        return np.asarray(kept + added)


def unrolled_once(x: float, noise: float, t: int, start: float) -> float:
    """`unrolled` of numbers alone, t >= 1."""
    if x >= 1:
        return noise
    power = t * math.log1p(-x)
    if power > 700:
        return float(unrolled(x, noise, t, start))
    return start * math.exp(power) + noise * (-math.expm1(power) / x if x else t)


def recursion(x: Array, noise: Array, start: float) -> Array:
    """All of D_0 = start, D_{t+1} = (1 - x_t) D_t + noise_t for x_t <= 1; shape (len(x) + 1,)."""
    D = [start]
    for x_t, noise_t in zip(x.tolist(), noise.tolist(), strict=True):
        D.append((1 - x_t) * D[-1] + noise_t if x_t < 1 else noise_t)
    return np.array(D)


def first_at_most(bound: Callable[[int], Any], epsilon: float, start: int = 0) -> int | None:
    """The smallest t >= start with bound(t) <= epsilon, for a bound that is nonincreasing; None if there is none."""
    if bound(start) <= epsilon:
        return start
    low, high = start, start + 1
    while bound(high) > epsilon:
        low, high = high, 2 * high + 1
        if high > LONGEST:
            return None
    return crossing(bound, epsilon, low, high)


def crossing(bound: Callable[[int], Any], target: float, low: int, high: int) -> int:
    """The smallest t > low with bound(t) <= target, where bound(low) > target >= bound(high) and it falls between."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bound(middle) <= target else (middle, high)
    return high


def reached(bound: Callable[[int], Any], target: float, turns: Sequence[int]) -> int | None:
    """The first t >= turns[0] with bound(t) <= target; the bound is monotone between the turns and after the last."""
    for turn, following in pairwise(turns):
        if bound(turn) <= target:
            return turn
        if bound(following) <= target:
            return crossing(bound, target, turn, following)
    return first_at_most(bound, target, turns[-1])


def settled(bound: Callable[[int], Any], target: float, turns: Sequence[int], limit: float = 0.0) -> int | None:
    """The first t >= turns[0] from which on bound <= target; `limit` is that of the bound.

    The bound is monotone between the turns and after the last.
    """
    if limit > target or (limit == target < bound(turns[-1])):
        return None
    if bound(turns[-1]) > target:
        return first_at_most(bound, target, turns[-1])
    for turn, following in reversed(list(pairwise(turns))):
        if bound(turn) > target:
            return crossing(bound, target, turn, following)
    return turns[0]


def ceiling(value: float) -> int | None:
    """The least whole number >= value and >= 0; None where value is not finite."""
    return max(0, math.ceil(value)) if math.isfinite(value) else None
