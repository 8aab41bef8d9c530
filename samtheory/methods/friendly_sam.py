"""Friendly SAM: e = rho u/||u||, u = g - sigma m, then m = l m + (1 - l) g; u = g and m = g at the first step.

m is that before the step, as in the authors' code; their paper subtracts the new one, which has the same direction at
sigma = 1. sigma = 0 is SAM. e = 0 where g = sigma m.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array

from .base import Deviation, Memory, OneVector, difference, running_mean
from .unified_sam import unit

SOURCE = "Li et al. 2024, arXiv 2403.12350"
GRADIENTS = "2"


@dataclass(frozen=True)
class FriendlySam(OneVector):
    """The step with sigma and l in [0, 1); the memory is m and whether there was a step."""

    sigma: float = 1.0
    l: float = 0.9  # noqa: E741 - as in the paper
    deviation: ClassVar[Deviation] = Deviation(alpha=0.0, beta=1.0)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: Memory,
    ) -> tuple[Array, Memory]:  # fmt: skip
        g, (m, later) = gradient(x, draw), memory
        e = rho * unit(np.where(later > 0, difference(g, self.sigma * m), g))
        m = running_mean(m, later, g, 1 - self.l)
        return x - gamma * gradient(x + e, draw), (m, np.ones_like(later))


step = FriendlySam()
