"""Unified SAM, the reference: x+ = x - gamma g(x + rho (1 - lam + lam/||g(x)||) g(x)), the same draw in both passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array

SOURCE = "Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225"
GRADIENTS = "2"
#: The class of its perturbation in words; every theorem about Unified SAM is about it.
CLASS = "‖e‖ ≤ (1 − λ)ρ‖g‖ + λρ"


def ascent(g: Array, lam: float | Array) -> Array:
    """(1 - lam + lam/||g||) g for each row of g (shape (..., d)); 0 where g = 0."""
    return np.asarray((1 - lam) * g + lam * unit(g))


def unit(g: Array) -> Array:
    """g/||g|| for each row of g (shape (..., d)); 0 where g = 0."""
    # Scale by the largest entry first, as the square of a tiny gradient underflows. Then the norm is >= 1, or g = 0.
    largest = np.abs(g).max(axis=-1, keepdims=True)
    scaled = g / np.where(largest > 0, largest, 1)
    return np.asarray(scaled / np.maximum(np.linalg.norm(scaled, axis=-1, keepdims=True), 1))


def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step of Unified SAM from each row of x.

    Parameters
    ----------
    x : (..., d) current points
    draw : one draw of the sampling for each row, the same in both passes
    gradient : (x, draw) -> (..., d), the stochastic gradient g_v(x), weights included
    gamma, rho, lam : step size > 0, ascent radius >= 0, lam in [0, 1]

    Returns
    -------
    (..., d) next points

    Examples
    --------
    On f(x) = x^2/2 with the ascent point x + rho g(x):

    >>> import numpy as np
    >>> step(np.array([[1.0]]), None, lambda x, draw: x, gamma=0.5, rho=0.1, lam=0.0)
    array([[0.45]])
    """
    g = gradient(x, draw)
    return x - gamma * gradient(x + rho * ascent(g, lam), draw)
