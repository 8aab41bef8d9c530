"""USAM with different samples: e = rho g_w, x+ = x - gamma g_v(x + e), w independent of v.

It is `different-sample` at lam = 0. On quadratics E h = (I + rho H) grad f: no bias at x*, where the same sample has
one. At -rho it is the extragradient method with independent samples (I-SEG). e is bounded by the gradient of another
draw: theorems cover it whose proofs use means over the draw alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samtheory._typing import Array

from .base import Deviation, halves, states

SOURCE = "Andriushchenko & Flammarion 2022, arXiv 2206.06232; I-SEG, Gorbunov et al. 2022, arXiv 2111.08611"
GRADIENTS = "2"


@states(deviation=Deviation(alpha=1.0, beta=0.0, own=False), second="draw")
def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step from each row of x; `draw` holds v and w side by side, and lam is not used."""
    v, w = halves(draw)
    return x - gamma * gradient(x + rho * gradient(x, w), v)
