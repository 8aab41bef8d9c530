"""E delta_{t+1} <= (1 - gamma_t mu) E delta_t + noise_t for gamma_t = min{gamma_hat, (2t+1)/((t+1)^2 mu)}, closed.

From t0 = `switch_time` on, 1 - gamma_t mu = t^2/(t+1)^2: where (t+1)^2 noise_t <= tail,

    E delta_T <= (t0/T)^2 E delta_{t0} + (T - t0) tail/T^2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import reject

from ..numbers import unrolled


def step_size(mu: float, gamma_hat: float) -> Callable[[int], float]:
    """t -> gamma_t."""
    return lambda t: min((2 * t + 1) / ((t + 1) ** 2 * mu), gamma_hat)


def switch_time(x: float) -> int:
    """The first t with (2t+1)/(t+1)^2 <= x, for 0 < x <= 1: t + 1 = ceil((1 + sqrt(1 - x))/x), in whole numbers."""
    p, q = x.as_integer_ratio()
    square = q * (q - p)
    root = math.isqrt(square)
    root += root * root < square
    return -(-(q + root) // p) - 1


def settled_at(mu: float, gamma_hat: float) -> int:
    """The switch time t0."""
    x = min(gamma_hat * mu, 1.0)
    if x < 1e-300:
        raise reject("gamma", f"{gamma_hat:.6g}", "large enough for gamma mu >= 1e-300")
    return switch_time(x)


def guarantee(
    x: float, noise: float, tail: float, t0: float
) -> tuple[Callable[[Any, float], Array], Callable[[float], tuple[int, ...]]]:
    """(bound, turns) from the rate and noise before t0, and `tail` after it; `turns` of a start as in `numbers`."""

    def bound(t: Any, start: float) -> Array:
        T = np.asarray(t, dtype=np.float64)
        early = unrolled(x, noise, T, start)
        settled = unrolled(x, noise, t0, start)
        with np.errstate(divide="ignore", invalid="ignore"):
            late = (t0 / T) ** 2 * settled + (T - t0) / T / T * tail
        return np.where((t0 >= T) | (T == 0), early, late)

    def turns(start: float) -> tuple[int, ...]:
        # Monotone up to t0; from there the bound may rise to one peak, and then decreases.
        turn = 2 * t0 * (1 - t0 * float(bound(t0, start)) / tail) if tail > 0 else 0.0
        if math.isnan(turn):  # an infinite bound by an infinite noise
            raise reject("noise", f"{tail:g}", "in the range of float64: the constants are too large")
        peak = int(max(turn, t0, 1))
        return tuple(dict.fromkeys((0, int(t0), peak, peak + 1)))

    return bound, turns
