"""Extragradient with the same sample: x+ = x - gamma g_v(x - rho g_v(x)), which is USAM at -rho. rho = 0 is SGD."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samtheory._typing import Array

from .base import Deviation, states

SOURCE = "Korpelevich 1976; S-SEG, Gorbunov et al. 2022, arXiv 2111.08611"
GRADIENTS = "2"


@states(deviation=Deviation(alpha=1.0, beta=0.0))
def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step from each row of x; lam is not used."""
    return x - gamma * gradient(x - rho * gradient(x, draw), draw)
