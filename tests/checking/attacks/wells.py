"""What lies beside the usual path: a second and deeper well, a kink, a gradient that is wrong far out.

The claims are those of the function without it; `CASES` names what must be falsified, any one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from samtheory import Problem, UserSum, claimed

LOWER = ("f_inf", "f_i_inf")


def card(
    value: Callable[..., Any],
    gradient: Callable[..., Any],
    d: int = 1,
    n: int = 1,
    L: float = 1.0,
    mu: float | None = 1.0,
) -> Problem:
    return Problem(
        objective=UserSum(value, gradient, n, d, batched=True),
        x0=np.full(d, 2.0),
        L_i=claimed(np.full(n, L)),
        L=claimed(L),
        mu=None if mu is None else claimed(mu),
        f_inf=claimed(0.0),
        f_i_inf=claimed(np.zeros(n)),
    )


def well(width: float, at: float, depth: float = 2.0, d: int = 1, n: int = 1, only: int | None = None) -> Problem:
    """||x||^2/2 with a Gaussian well that goes `depth` below 0; in all components, or one alone; its L is right."""
    centre = at * np.array([1.0, 0.7, -0.8])[:d]
    height = centre @ centre / 2 + depth

    def dip(i: np.ndarray, X: np.ndarray) -> np.ndarray:
        here = np.exp(-np.sum((X - centre) ** 2, axis=1) / (2 * width**2))
        return height * here * (1 if only is None else i == only)

    return card(
        lambda i, X: np.sum(X * X, axis=1) / 2 - dip(i, X),
        lambda i, X: X + dip(i, X)[:, None] * (X - centre) / width**2,
        d,
        n,
        L=1 + height / width**2,  # ||Hessian of the dip|| <= height/width^2, at the centre
        mu=None,
    )


def clipped(at: float, d: int = 1) -> Problem:
    """The gradient is clipped to this norm, the value is not."""

    def gradient(i: np.ndarray, X: np.ndarray) -> np.ndarray:
        norm = np.linalg.norm(X, axis=1, keepdims=True)
        return X * np.minimum(1, at / np.maximum(norm, 1e-300))

    return card(lambda i, X: np.sum(X * X, axis=1) / 2, gradient, d, mu=1e-9)


def kink(width: float, at: float, factor: float = 3.0) -> Problem:
    """The gradient is another multiple of x within a narrow interval."""

    def gradient(i: np.ndarray, X: np.ndarray) -> np.ndarray:
        return X * np.where(np.abs(X - at) < width / 2, factor, 1.0)

    return card(lambda i, X: X[:, 0] ** 2 / 2, gradient, L=1e9)


def steep(width: float, at: float) -> Problem:
    """A narrow piece of curvature 100, in value and gradient."""

    def bend(X: np.ndarray) -> np.ndarray:
        return np.clip(X - at, 0, width)

    return card(
        lambda i, X: (X**2 / 2 + 50 * bend(X) ** 2 + 100 * width * np.maximum(X - at - width, 0))[:, 0],
        lambda i, X: X + 100 * bend(X),
    )


def wrong_side(beyond: float, factor: float = -1.0, d: int = 1) -> Problem:
    """The gradient has another sign, or size, on the far side of a hyperplane."""
    return card(
        lambda i, X: np.sum(X * X, axis=1) / 2,
        lambda i, X: X * np.where(X[:, :1] < -beyond, factor, 1.0),
        d,
        L=1e9,
        mu=1e-9,
    )


def wrong_far(beyond: float, by: float, d: int = 2) -> Problem:
    """A relative error of the gradient at norms beyond."""
    return card(
        lambda i, X: np.sum(X * X, axis=1) / 2,
        lambda i, X: X * np.where(np.linalg.norm(X, axis=1, keepdims=True) > beyond, 1 + by, 1.0),
        d,
        L=1e9,
        mu=1e-9,
    )


def one_component_of(n: int, what: str) -> Problem:
    """One f_i of many is steeper, lower or not its gradient's."""
    odd = n - n // 3

    def value(i: np.ndarray, X: np.ndarray) -> np.ndarray:
        return np.sum(X * X, axis=1) / 2 * np.where((i == odd) & (what == "steeper"), 2.0, 1.0) - 0.3 * (
            (i == odd) & (what == "lower")
        )

    def gradient(i: np.ndarray, X: np.ndarray) -> np.ndarray:
        return X * np.where((i == odd) & (what in ("steeper", "wrong")), 2.0, 1.0)[:, None]

    return card(value, gradient, 2, n, L=1.0 if what != "wrong" else 9.0, mu=1e-9)


CASES: dict[str, tuple[tuple[str, ...], Callable[[], Problem]]] = {
    **{
        f"well-of-width-{width:g}-at-{at:g}": (LOWER, partial(well, width, at))
        for width, at in [(0.6, 5), (0.6, -7), (0.3, 8), (0.1, 5), (0.1, -3), (0.6, 30), (0.3, -20), (0.03, 4)]
    },
    **{
        f"well-of-width-{width:g}-at-{at:g}-in-the-plane": (LOWER, partial(well, width, at, d=2))
        for width, at in [(0.6, 4), (0.3, -3), (0.6, -8), (0.6, 12), (0.2, 6)]
    },
    **{
        f"well-of-width-{width:g}-at-{at:g}-in-space": (LOWER, partial(well, width, at, d=3))
        for width, at in [(1.0, 3), (0.6, -4), (0.6, 5), (0.6, -7), (0.8, 9), (0.4, 2.5)]
    },
    "well-of-one-component": (LOWER, partial(well, 0.6, 4, n=40, only=17)),
    **{f"clipped-at-{at:g}": (("gradients",), partial(clipped, at)) for at in (5, 100, 1e4)},
    **{
        f"clipped-at-{at:g}-in-dimension-{d}": (("gradients",), partial(clipped, at, d=d))
        for at, d in [(50, 2), (1e5, 3), (1e6, 8)]
    },
    **{
        f"kink-of-width-{width:g}-at-{at:g}": (("gradients",), partial(kink, width, at))
        for width, at in [(0.5, 1.2), (0.1, 3.3), (0.01, 1.7), (0.1, -6), (0.5, 12), (1, 30), (2, -75), (20, 600)]
    },
    **{f"steep-of-width-{w:g}-at-{at:g}": (("L", "L_i"), partial(steep, w, at)) for w, at in [(0.1, 3), (0.01, -2.5)]},
    **{f"wrong-sign-below-{-x:g}": (("gradients",), partial(wrong_side, x)) for x in (3, 20, 500)},
    "half-below--10-in-the-plane": (("gradients",), partial(wrong_side, 10, 0.5, 2)),
    **{
        f"off-by-{by:g}-beyond-{x:g}": (("gradients",), partial(wrong_far, x, by))
        for x, by in [(10, 0.5), (50, 0.1), (1000, 0.1), (10, 1e-3)]
    },
    **{
        f"one-of-{count}-{what}": (names, partial(one_component_of, count, what))
        for count in (500, 5000, 10_000)
        for what, names in [("steeper", ("L_i",)), ("lower", ("f_i_inf",)), ("wrong", ("gradients",))]
    },
}


def problem(case: str = "well-of-width-0.6-at-5") -> Problem:
    return CASES[case][1]()
