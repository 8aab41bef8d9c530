"""AdaSAM: x+ = x - gamma m/sqrt(W), m = b1 m + (1 - b1) h, w = b2 w + (1 - b2) h^2, W = max{W, w}.

h = g_v(x + e) is that of SAM, and all is entry by entry; W begins at eps^2, so that nothing is divided by 0. b1 = 0 and
b2 = 1 is SAM with gamma/eps. No theorem covers it: W depends on the draw of h.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from .unified_sam import unit

SOURCE = "Sun et al. 2023, arXiv 2303.00565"
GRADIENTS = "2"

Memory = tuple[Array, Array, Array]


@dataclass(frozen=True)
class AdaSam:
    """The step with b1 in [0, 1), b2 in [0, 1] and eps > 0; the memory is m, w and W."""

    b1: float = 0.9
    b2: float = 0.999
    eps: float = 1e-3

    def memory(self, x: Array) -> Memory:
        """m, w and W before the first step."""
        return np.zeros_like(x), np.zeros_like(x), np.full_like(x, self.eps**2)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: Memory,
    ) -> tuple[Array, Memory]:  # fmt: skip
        m, w, W = memory
        h = gradient(x + rho * unit(gradient(x, draw)), draw)
        m, w = self.b1 * m + (1 - self.b1) * h, self.b2 * w + (1 - self.b2) * h**2
        W = np.maximum(W, w)
        return x - gamma * m / np.sqrt(W), (m, w, W)


step = AdaSam()
