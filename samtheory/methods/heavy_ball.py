"""Heavy-ball momentum on any method: m = beta m + h, x+ = x - gamma m, where h is the vector of the method's step.

beta = 0 is the method itself; Unified SAM where none is given. No theorem about the method covers it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from . import Method
from .unified_sam import step as unified_sam

SOURCE = "Polyak 1964"
GRADIENTS = "as the method"


@dataclass(frozen=True, eq=False)
class HeavyBall:
    """The step with beta in [0, 1), on a method x+ = x - gamma h; the memory is m, then that of the method."""

    beta: float = 0.5
    method: Method = unified_sam

    @property
    def second(self) -> str | None:
        """The second draw of the method."""
        return getattr(self.method, "second", None)

    def memory(self, x: Array) -> tuple[Array, ...]:
        """m = 0, and the memory of the method."""
        return np.zeros_like(x), *(self.method.memory(x) if hasattr(self.method, "memory") else ())

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: tuple[Array, ...],
    ) -> tuple[Array, tuple[Array, ...]]:  # fmt: skip
        m, *inner = memory
        if hasattr(self.method, "memory"):
            moved, inner = self.method(x, draw, gradient, 1.0, rho, lam, tuple(inner))
        else:
            moved = self.method(x, draw, gradient, 1.0, rho, lam)
        m = self.beta * m + (x - moved)
        return x - gamma * m, (m, *inner)


step = HeavyBall()
