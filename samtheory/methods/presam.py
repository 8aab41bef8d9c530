"""Preconditioned SAM: e = rho S (S g)/||S g||, the ascent of <g, e> on the ellipsoid ||S^-1 e|| <= rho.

S is diagonal and positive, and ||e|| <= rho max S. S = I is SAM. Where no S is given, its diagonal falls from 1 to 1/2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import reject

from .base import Deviation, of_shape
from .unified_sam import unit

SOURCE = "Zhang, Li & Giannakis 2025, arXiv 2501.06603 (formula from the ellipsoid)"
GRADIENTS = "2"


@dataclass(frozen=True, eq=False)
class PreSam:
    """The step with the diagonal of S, of shape (d,), entries above 0.

    Raises
    ------
    InputError
        If an entry is not above 0.
    """

    scale: Array | None = None

    def __post_init__(self) -> None:
        if self.scale is not None and not (np.isfinite(self.scale).all() and np.min(self.scale) > 0):
            raise reject("scale", self.scale, "finite and above 0")

    @property
    def deviation(self) -> Deviation:
        """beta = ||S||."""
        return Deviation(alpha=0.0, beta=1.0 if self.scale is None else float(np.max(self.scale)))

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        S = of_shape("scale", self.scale, x.shape[-1], lambda d: np.linspace(1.0, 0.5, d))
        return np.asarray(x - gamma * gradient(x + rho * S * unit(S * gradient(x, draw)), draw))


step = PreSam()
