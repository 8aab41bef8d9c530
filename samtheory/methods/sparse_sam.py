"""Sparse SAM: e = rho m*g/||g|| for a mask m of 0 and 1, the norm over all coordinates.

||e|| = rho ||m*g||/||g|| <= rho: shorter than the e of SAM-ON by that factor, along the same direction. A mask of ones
is SAM. The mask may come from the past; the first half of the coordinates where none is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from samtheory._typing import Array

from .base import Deviation, half_of, of_shape
from .unified_sam import unit

SOURCE = "Mi et al. 2022, arXiv 2210.05177"
GRADIENTS = "2"


@dataclass(frozen=True, eq=False)
class SparseSam:
    """The step with the mask m of shape (d,)."""

    mask: Array | None = None
    deviation: ClassVar[Deviation] = Deviation(alpha=0.0, beta=1.0)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        m = of_shape("mask", self.mask, x.shape[-1], half_of)
        return x - gamma * gradient(x + rho * m * unit(gradient(x, draw)), draw)


step = SparseSam()
