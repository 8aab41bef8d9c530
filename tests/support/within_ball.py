"""Variants of SAM whose perturbation is no longer than rho: variants that `theorems.ours_ball` covers.

Each has the form of the reference step, y = x + e and x+ = x - gamma g(y), with another e, ||e|| <= rho; lam plays no
part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.methods.unified_sam import unit

#: (x, draw, gradient, gamma, rho, lam) -> x+, as `unified_sam.step`.
Step = Callable[..., Array]


def perturbed_by(direction: Callable[[Array], Array]) -> Step:
    """The step whose perturbation is rho direction(g), for a direction that is no longer than 1."""

    def step(x: Array, draw: Any, gradient: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        return np.asarray(x - gamma * gradient(x + rho * direction(gradient(x, draw)), draw))

    return step


def masked(mask: Array) -> Step:
    """SAM that perturbs some coordinates only (sparse SAM, SAM-ON): e = rho m * g/||g||, m of 0 and 1, shape (d,)."""
    return perturbed_by(lambda g: mask * unit(g))


def preconditioned(scale: Array) -> Step:
    """SAM in the ellipsoid with half axes rho scale_j <= rho: e = rho s * (s * g)/||s * g||, s of shape (d,)."""
    return perturbed_by(lambda g: scale * unit(scale * g))


class Averaged:
    """VaSSO: the direction is a running mean of gradients, d <- (1 - weight) d + weight g, e = rho d/||d||."""

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self.mean: Array | None = None

    def __call__(self, x: Array, draw: Any, gradient: Any, gamma: Any, rho: Any, lam: Any) -> Array:
        g = gradient(x, draw)
        before = g if self.mean is None or self.mean.shape != g.shape else self.mean
        self.mean = (1 - self.weight) * before + self.weight * g
        return np.asarray(x - gamma * gradient(x + rho * unit(self.mean), draw))
