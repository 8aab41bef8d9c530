"""SAM-ON: e = rho m*g/||m*g|| for a mask m of 0 and 1, the norm over the perturbed coordinates only.

e = 0 where m*g = 0. A mask of ones is SAM, a mask of zeros SGD. In a network m marks the normalisation layers; here it
marks the first half of the coordinates where none is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from samtheory._typing import Array

from .base import Deviation, half_of, of_shape
from .unified_sam import unit

SOURCE = "Mueller et al. 2023, arXiv 2306.04226"
GRADIENTS = "2"


@dataclass(frozen=True, eq=False)
class SamOn:
    """The step with the mask m of shape (d,)."""

    mask: Array | None = None
    deviation: ClassVar[Deviation] = Deviation(alpha=0.0, beta=1.0)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        m = of_shape("mask", self.mask, x.shape[-1], half_of)
        return x - gamma * gradient(x + rho * unit(m * gradient(x, draw)), draw)


step = SamOn()
