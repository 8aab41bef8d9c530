"""SAM: e = rho g/||g||, x+ = x - gamma g_v(x + e), Unified SAM at lam = 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samtheory._typing import Array

from .base import Deviation, states
from .unified_sam import unit

SOURCE = "Foret et al. 2021, arXiv 2010.01412"
GRADIENTS = "2"


@states(deviation=Deviation(alpha=0.0, beta=1.0, along=True))
def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step from each row of x; lam is not used."""
    return x - gamma * gradient(x + rho * unit(gradient(x, draw)), draw)
