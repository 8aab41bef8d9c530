"""LookSAM: every k-th step SAM with r the part of h orthogonal to g; h = g + a ||g|| r/||r|| in between.

k = 1 is SAM; rho = 0 and one dimension have r = 0, which makes the steps in between SGD. At these ||h - g|| is a ||g||,
whatever rho is: theorems about biased steps cover it where PL holds and a sqrt(k) < 1, E||g||^2 <= k ||grad f||^2 + C.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants

from .base import Bias, Memory, OneVector, difference
from .unified_sam import unit

SOURCE = "Liu et al. 2022, arXiv 2203.02714 (one norm over all coordinates)"
GRADIENTS = "1 + 1/k"


@dataclass(frozen=True)
class LookSam(OneVector):
    """The step with k >= 1 and a >= 0; the memory is r and the number of steps."""

    k: int = 5
    a: float = 0.7

    def bias(self, constants: Constants, rho: float) -> Bias | None:
        """E||h - g|| <= a sqrt(E||g||^2) + rho Lambda1 at both kinds of step; None where that says nothing.

        With s = a sqrt(k) < 1 and u = a sqrt(C) + rho Lambda1,

            <grad f, E h> >= (1 - s) G - u sqrt(G) >= (1 - s) G/2 - u^2/(2 (1 - s)),

        and E||h||^2 <= w E||g||^2 + w/(w - 1) (rho Lambda2)^2 for w = max {(1 + a)^2, 2}.
        """
        known = constants.values()
        A, B, C = (known.get(name) for name in ("A", "B", "C"))
        if A is None or B is None or C is None or (A > 0 and "PL" not in constants.properties):
            return None
        left = 1 - self.a * math.sqrt(B + (A / known["mu"] if A else 0.0))
        if left <= 0:
            return None
        u, w = self.a * math.sqrt(C) + rho * known["Lambda1"], max((1 + self.a) ** 2, 2.0)
        noise = w * C + w / (w - 1) * (rho * known["Lambda2"]) ** 2
        return Bias(b=left / 2, c=u**2 / (2 * left), A_h=w * A, B_h=w * B, C_h=noise)

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
