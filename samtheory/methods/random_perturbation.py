"""Random perturbation: e = rho u, u uniform on {-1, 1}^d/sqrt(d) and independent of v, x+ = x - gamma g_v(x + e).

h is an unbiased gradient of E f(x + rho u). On quadratics E h = grad f.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import Deviation, halves, states

SOURCE = "Duchi, Bartlett & Wainwright 2012"
GRADIENTS = "1"


@states(deviation=Deviation(alpha=0.0, beta=1.0), second="signs")
def step(x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float) -> Array:
    """One step from each row of x; `draw` holds v and the signs side by side."""
    v, signs = halves(draw)
    d = x.shape[-1]
    return np.asarray(x - gamma * gradient(x + rho * signs.weights[..., :d] / np.sqrt(d), v))
