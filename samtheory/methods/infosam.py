"""infoSAM: e = rho u/||u||, u = g/(b + eps), b = (w - g)^2 entry by entry, w = alpha w + (1 - alpha) g.

b estimates the noise of g. At the first step w = g and b = 1, which is SAM. The released code has no eps: with it, e is
defined where an entry of b is 0, and at a fixed point of the full batch the method is SAM.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array

from .base import Deviation, Memory, OneVector, running_mean
from .unified_sam import unit

SOURCE = "Zhang, Li & Giannakis 2025, arXiv 2501.06603"
GRADIENTS = "2"


@dataclass(frozen=True)
class InfoSam(OneVector):
    """The step with alpha in [0, 1) and eps > 0; the memory is w and whether there was a step."""

    alpha: float = 0.9
    eps: float = 1e-8
    deviation: ClassVar[Deviation] = Deviation(alpha=0.0, beta=1.0)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: Memory,
    ) -> tuple[Array, Memory]:  # fmt: skip
        g, (w, later) = gradient(x, draw), memory
        w = running_mean(w, later, g, 1 - self.alpha)
        b = np.where(later > 0, (w - g) ** 2, 1.0)
        e = rho * unit(g / (b + self.eps))
        return x - gamma * gradient(x + e, draw), (w, np.ones_like(later))


step = InfoSam()
