"""Past extragradient, one gradient a step: y = x - gamma h_old, h = g_v(y), x+ = x - gamma h.

The first h_old is a gradient of its own draw: that step is `extragradient` at rho = gamma. rho and lam are not used. No
theorem here covers it: ||h - g|| is not bounded by ||g||.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import Memory, OneVector

SOURCE = "Popov 1980; SPEG, Choudhury et al. 2023, arXiv 2302.14043"
GRADIENTS = "1"


class PastExtragradient(OneVector):
    """The step; the memory is h_old and whether there was a step."""

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: Memory,
    ) -> tuple[Array, Memory]:  # fmt: skip
        old, later = memory
        if not later.all():
            old = np.where(later > 0, old, gradient(x, draw))
        h = gradient(x - gamma * old, draw)
        return x - gamma * h, (h, np.ones_like(later))


step = PastExtragradient()
