"""ASAM: e = rho T (T g)/||T g||, T = |x| + eta entry by entry, at most `cap`.

f(c x) at x/c has the same step in units of x where eta = 0 and nothing is capped: e/c. T = 1 is SAM. The authors' code
has eta = 0.01 for the weights and T = 1 for the other parameters; the cap is not theirs, and makes ||e|| <= rho cap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import Deviation
from .unified_sam import unit

SOURCE = "Kwon et al. 2021, arXiv 2102.11600"
GRADIENTS = "2"


@dataclass(frozen=True)
class Asam:
    """The step with eta >= 0 and the cap on T, inf for none."""

    eta: float = 0.01
    cap: float = 1.0

    @property
    def deviation(self) -> Deviation | None:
        """beta = cap; no class without one."""
        return Deviation(alpha=0.0, beta=self.cap) if np.isfinite(self.cap) else None

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        T = np.minimum(np.abs(x) + self.eta, self.cap)
        return np.asarray(x - gamma * gradient(x + rho * T * unit(T * gradient(x, draw)), draw))


step = Asam()
