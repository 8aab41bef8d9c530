"""Unified SAM with different samples: x+ = x - gamma g_v(x + rho (1 - lam + lam/||g_w||) g_w), w independent of v.

On quadratics at lam = 0, E h = (I + rho H) grad f: no bias at x*, where the same sample has one. The full batch is
Unified SAM. Theorems cover it at lam = 1, and `different-sample-usam` at lam = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samtheory._typing import Array

from .base import Deviation, halves, states
from .unified_sam import ascent

SOURCE = "Andriushchenko & Flammarion 2022, arXiv 2206.06232; at lam = 0 and -rho, I-SEG, Gorbunov et al. 2022"
GRADIENTS = "2"


@states(deviation=Deviation(alpha=0.0, beta=1.0), second="draw")
def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step from each row of x; `draw` holds v and w side by side."""
    v, w = halves(draw)
    return x - gamma * gradient(x + rho * ascent(gradient(x, w), lam), v)
