"""SGD: x+ = x - gamma g_v(x), Unified SAM at rho = 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samtheory._typing import Array

from .base import Deviation, states

SOURCE = "Robbins & Monro 1951"
GRADIENTS = "1"


@states(deviation=Deviation(alpha=0.0, beta=0.0))
def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step from each row of x; rho and lam are not used."""
    return x - gamma * gradient(x, draw)
