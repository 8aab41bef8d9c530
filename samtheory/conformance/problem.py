"""The test problem of the conformance checks: five smooth functions in 12 dimensions, and their special forms.

    f_i(x) = s_i x'H_i x/2 + b_i'x + sum_j sin(a_ij'x),    H_i = Q_i Q_i'/d

The functions are not quadratic, isotropic or aligned with the axes: on a quadratic the mean of the two gradients of a
step is the gradient of SAM with rho/2. The numbers are part of the schema of the JSON document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from samtheory._typing import Array

#: Shapes of the parameter blocks, and the number of coordinates.
SHAPES: tuple[tuple[int, ...], ...] = ((2, 3), (3,), (1,), (2,))
SIZES = tuple(int(np.prod(shape)) for shape in SHAPES)
_ends = np.cumsum((0, *SIZES)).tolist()
#: The coordinates of each block.
PARTS = tuple(slice(*ends) for ends in pairwise(_ends))
d, n = sum(SIZES), 5

_rng = np.random.default_rng(np.random.SeedSequence(20250301))
_Q = _rng.standard_normal((n, d, d))
_H = _Q @ _Q.swapaxes(1, 2) / d
_b = _rng.standard_normal((n, d))
_a = _rng.standard_normal((n, 4, d)) / 2
_s = (1.0, 0.5, 2.0, 0.3, 1.5)
#: The start.
X0 = _rng.standard_normal(d)

#: (component, x of shape (d,)) -> f_i(x), grad f_i(x).
Form = Callable[[int, Array], tuple[float, Array]]


def plain(i: int, x: Array) -> tuple[float, Array]:
    """f_i as above."""
    u, Hx = _a[i] @ x, _s[i] * (_H[i] @ x)
    return float(x @ Hx / 2 + _b[i] @ x + np.sin(u).sum()), Hx + _b[i] + np.cos(u) @ _a[i]


def zero(i: int, x: Array) -> tuple[float, Array]:
    """f_i, tilted so that component 0 has the gradient exactly 0 at the start."""
    value, gradient = plain(i, x)
    if i == 0:
        tilt = plain(0, X0)[1]
        return value - float(tilt @ x), gradient - tilt
    return value, gradient


def zero_later(i: int, x: Array) -> tuple[float, Array]:
    """f_i at the start; the gradient is 0 at every other point."""
    value, gradient = plain(i, x)
    return value, gradient if np.array_equal(x, X0) else np.zeros(d)


@cache
def scaled(factor: float) -> Form:
    """f_i times a factor."""

    def form(i: int, x: Array) -> tuple[float, Array]:
        value, gradient = plain(i, x)
        return factor * value, factor * gradient

    return form


def shifted(i: int, x: Array) -> tuple[float, Array]:
    """f_i less its value at the start: the first loss is exactly 0."""
    value, gradient = plain(i, x)
    return value - plain(i, X0)[0], gradient


#: Smoothness of the isotropic form.
L = 2.0


def isotropic(i: int, x: Array) -> tuple[float, Array]:
    """(L/2) ||x||^2."""
    return float(L * x @ x / 2), L * x


def flat(blocks: Sequence[Array]) -> Array:
    """Blocks as one vector of shape (d,)."""
    x = np.empty(d)
    for part, block in zip(PARTS, blocks, strict=True):
        x[part] = block.ravel()
    return x


def blocks_of(x: Array) -> list[Array]:
    """New arrays of the shapes of `SHAPES` with the entries of a vector."""
    return [x[part].reshape(shape).copy() for part, shape in zip(PARTS, SHAPES, strict=True)]


def where(coordinate: int) -> str:
    """The block and the entry of a coordinate, in words."""
    block = next(k for k, part in enumerate(PARTS) if coordinate < part.stop)
    entry = np.unravel_index(coordinate - PARTS[block].start, SHAPES[block])
    return f"block {block}, entry {tuple(int(k) for k in entry)}"
