"""LookSAM: every k-th step SAM with r the part of h orthogonal to g; h = g + a ||g|| r/||r|| in between.

k = 1 is SAM; rho = 0 and one dimension have r = 0, which makes the steps in between SGD. No theorem covers both
kinds of step: at those in between ||h - g|| = a ||g||, whatever rho is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import difference
from .unified_sam import unit

SOURCE = "Liu et al. 2022, arXiv 2203.02714 (one norm over all coordinates)"
GRADIENTS = "1 + 1/k"

Memory = tuple[Array, Array]


@dataclass(frozen=True)
class LookSam:
    """The step with k >= 1 and a >= 0; the memory is r and the number of steps."""

    k: int = 5
    a: float = 0.7

    def memory(self, x: Array) -> Memory:
        """r and the number of steps, before the first."""
        return np.zeros_like(x), np.zeros((len(x), 1))

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float,
        memory: Memory,
    ) -> tuple[Array, Memory]:  # fmt: skip
        g, (r, t) = gradient(x, draw), memory
        length = np.linalg.norm(g, axis=-1, keepdims=True)
        looks = t % self.k == 0
        h = g + self.a * length * unit(r)
        if looks.any():
            sam = gradient(x + rho * unit(g), draw)
            along = np.sum(sam * unit(g), axis=-1, keepdims=True) * unit(g)
            h, r = np.where(looks, sam, h), np.where(looks, difference(sam, along), r)
        return x - gamma * h, (r, t + 1)


step = LookSam()
