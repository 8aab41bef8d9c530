"""VaSSO: e = rho m/||m||, m = (1 - theta) m + theta g, and m = g at the first step.

theta = 1 is SAM.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array

from .base import Deviation, Memory, OneVector, running_mean
from .unified_sam import unit

SOURCE = "Li & Giannakis 2023"
GRADIENTS = "2"


@dataclass(frozen=True)
class Vasso(OneVector):
    """The step with theta in (0, 1]; the memory is m and whether there was a step."""

    theta: float = 0.4
    deviation: ClassVar[Deviation] = Deviation(alpha=0.0, beta=1.0)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: Memory,
    ) -> tuple[Array, Memory]:  # fmt: skip
        g, (m, later) = gradient(x, draw), memory
        m = running_mean(m, later, g, self.theta)
        return x - gamma * gradient(x + rho * unit(m), draw), (m, np.ones_like(later))


step = Vasso()
