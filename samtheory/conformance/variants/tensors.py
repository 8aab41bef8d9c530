"""Mistakes that treat some tensors differently, and what is left in the gradients of a step for the next one."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.problem import SHAPES
from samtheory.conformance.reference import of_blocks

from .ascent import Adaptive
from .base import Variant

#: The coordinates of the blocks with more than one dimension.
MATRICES = of_blocks(k for k, shape in enumerate(SHAPES) if len(shape) > 1)


class MatricesOnly(Variant):
    """Biases are neither perturbed nor in the norm."""

    name = "only matrices perturbed"
    sentence = "One-dimensional parameters are not perturbed, nor in the norm."
    fails = ("trajectory", "points", "contraction")

    def ascent_gradient(self, g: Array) -> Array:
        return np.where(MATRICES, super().ascent_gradient(g), 0.0)


class MatricesMoved(Variant):
    """Biases are not perturbed, and are in the norm."""

    name = "only matrices perturbed, norm over all"
    sentence = "One-dimensional parameters are in the norm, but not perturbed."
    fails = ("trajectory", "points", "contraction")

    def perturbation(self, g: Array) -> Array:
        return np.where(MATRICES, super().perturbation(g), 0.0)


class AdaptiveShifted(Adaptive):
    """ASAM with |x| + 0.01."""

    name = "adaptive (ASAM), |x| + 0.01"
    sentence = "Perturbation rho T^2 g/||T g||, T = |x| + 0.01, of ASAM."

    def direction(self, g: Array) -> Array:
        x, self.x = self.x, np.abs(self.x) + 0.01
        found = super().direction(g)
        self.x = x
        return found


class AscentAccumulated(Variant):
    """g and the second gradient of the step before."""

    name = "old gradient added in the ascent"
    sentence = "The last gradient is not cleared before the next first pass."
    fails = ("trajectory", "points", "contraction")
    kept: Array | float = 0.0

    def ascent_gradient(self, g: Array) -> Array:
        return super().ascent_gradient(g) + self.kept

    def descent_gradient(self, g: Array, h: Array) -> Array:
        self.kept = super().descent_gradient(g, h)
        return self.kept


class RadiusFollows(Variant):
    """Rho gamma/gamma_0."""

    name = "rho scheduled with gamma"
    sentence = "A change of gamma changes rho in proportion."
    needs = "set_gamma"
    fails = ("set-gamma",)

    def set(self, **changed: float | None) -> None:
        before = self.gamma
        super().set(**changed)
        self.rho *= self.gamma / before
