"""USAM: e = rho g, x+ = x - gamma g_v(x + e), Unified SAM at lam = 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samtheory._typing import Array

from .base import Deviation, states

SOURCE = "Andriushchenko & Flammarion 2022, arXiv 2206.06232"
GRADIENTS = "2"


@states(deviation=Deviation(alpha=1.0, beta=0.0, along=True))
def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step from each row of x; lam is not used."""
    return x - gamma * gradient(x + rho * gradient(x, draw), draw)
