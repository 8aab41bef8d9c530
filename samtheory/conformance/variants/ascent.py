"""Mistakes of the ascent: the point of the second pass is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.reference import Mask, of_blocks
from samtheory.methods.unified_sam import ascent, unit

from .base import Variant


class NoPerturbation(Variant):
    """e = 0."""

    name = "no perturbation"
    sentence = "Both passes at the iterate: the base optimiser alone."
    fails = ("trajectory", "perturbed", "points", "zero-gradient-second", "contraction")

    def perturbation(self, g: Array) -> Array:
        return np.zeros_like(g)


class WrongSign(Variant):
    """-e."""

    name = "wrong sign"
    sentence = "Second pass at x - rho g/||g||."
    fails = ("trajectory", "points", "contraction")

    def perturbation(self, g: Array) -> Array:
        return -super().perturbation(g)


class NotNormalised(Variant):
    """Rho g."""

    name = "not normalised"
    sentence = "Perturbation rho g whatever lam."
    fails = ("trajectory", "points")

    def direction(self, g: Array) -> Array:
        return g


class AlwaysNormalised(Variant):
    """Rho g/||g||."""

    name = "normalised whatever lam"
    sentence = "Perturbation rho g/||g|| whatever lam."
    needs = "lam"
    fails = ("trajectory-lam-0", "contraction", "theorem-scaled-quadratics")

    def direction(self, g: Array) -> Array:
        return unit(g)


class LamSwapped(Variant):
    """Lam for 1 - lam."""

    name = "lam and 1 - lam swapped"
    sentence = "lam = 0 normalises, lam = 1 does not."
    needs = "lam"
    fails = ("trajectory", "points", "contraction", "theorem-scaled-quadratics")

    def direction(self, g: Array) -> Array:
        return ascent(g, 1 - self.lam)


class Normed(Variant):
    """Another norm in the place of ||g||."""

    def norm(self, g: Array) -> float:
        """The norm that is used."""
        return float(np.linalg.norm(g))

    def direction(self, g: Array) -> Array:
        norm = self.norm(g)
        return (1 - self.lam) * g + (self.lam * g / norm if norm > 0 else 0.0)


class SquaredNorm(Normed):
    """g/||g||^2."""

    name = "squared norm"
    sentence = "g/||g||^2 in the place of g/||g||: a root is missing."
    fails = ("trajectory", "points", "theorem-rank-one-pair", "theorem-scaled-quadratics")

    def norm(self, g: Array) -> float:
        return float(g @ g)


class InfinityNorm(Normed):
    """g/max|g|."""

    name = "infinity norm"
    sentence = "g divided by its largest entry."
    fails = ("trajectory", "points")

    def norm(self, g: Array) -> float:
        return float(np.abs(g).max())


class OneNorm(Normed):
    """g/sum|g|."""

    name = "1-norm"
    sentence = "g divided by the sum of its absolute entries."
    fails = ("trajectory", "points")

    def norm(self, g: Array) -> float:
        return float(np.abs(g).sum())


class RootMeanSquare(Normed):
    """g/sqrt(mean g^2)."""

    name = "root-mean-square norm"
    sentence = "g divided by the root of the mean of its squares."
    fails = ("trajectory", "points", "theorem-tight-pair")

    def norm(self, g: Array) -> float:
        return float(np.sqrt(np.mean(g * g)))


class Sign(Variant):
    """sign(g)."""

    name = "sign"
    sentence = "The signs of g in the place of g/||g||."
    fails = ("trajectory", "points")

    def direction(self, g: Array) -> Array:
        return (1 - self.lam) * g + self.lam * np.sign(g)


class Parts(Variant):
    """g/||g|| of each part of the parameters."""

    def parts(self) -> Sequence[Mask]:
        """The coordinates of each part."""
        return [of_blocks([k]) for k in range(4)]

    def direction(self, g: Array) -> Array:
        return np.asarray(sum(ascent(np.where(part, g, 0.0), self.lam) for part in self.parts()))


class NormPerParameter(Parts):
    """Each block has its own norm."""

    name = "norm per parameter"
    sentence = "Each tensor is divided by its own norm."
    fails = ("trajectory", "points")


class NormPerGroup(Parts):
    """Each group has its own norm."""

    name = "norm per group"
    sentence = "Each parameter group is divided by its own norm."
    needs = "groups"
    fails = ("group-norm",)

    def parts(self) -> Sequence[Mask]:
        return [mask for mask, _ in self.groups] or [np.ones(len(self.x), dtype=bool)]


class FirstGroupOnly(Variant):
    """The other groups are not perturbed."""

    name = "first group only"
    sentence = "Norm and perturbation of the first parameter group alone."
    needs = "groups"
    fails = ("group-norm",)

    def direction(self, g: Array) -> Array:
        return super().direction(np.where(self.groups[0][0], g, 0.0) if self.groups else g)


class DefaultRadius(Variant):
    """Rho of the optimiser for every group."""

    name = "default rho for all groups"
    sentence = "The radius of a parameter group is ignored."
    needs = "groups"
    fails = ("group-rho",)

    def radius(self) -> Array:
        return np.full_like(self.x, self.rho)


class FirstRadius(Variant):
    """Rho of the first group for every group."""

    name = "rho of the first group for all groups"
    sentence = "Every group is perturbed with the radius of the first."
    needs = "groups"
    fails = ("group-rho",)

    def radius(self) -> Array:
        return np.full_like(self.x, self.groups[0][1] if self.groups else self.rho)


class LastRadius(Variant):
    """Rho of the last group for every group."""

    name = "rho of the last group for all groups"
    sentence = "Every group is perturbed with the radius of the last."
    needs = "groups"
    fails = ("group-rho",)

    def radius(self) -> Array:
        return np.full_like(self.x, self.groups[-1][1] if self.groups else self.rho)


class ScaledByGamma(Variant):
    """Gamma rho."""

    name = "rho scaled by gamma"
    sentence = "The radius is multiplied by the step size."
    fails = ("trajectory", "points", "contraction")

    def radius(self) -> Array:
        return self.gamma * super().radius()


class SquaredRadius(Variant):
    """rho^2."""

    name = "rho squared"
    sentence = "rho^2 in the place of rho."
    fails = ("trajectory", "points", "contraction")

    def radius(self) -> Array:
        return np.asarray(super().radius() ** 2)


class DoubledRadius(Variant):
    """2 rho."""

    name = "rho doubled"
    sentence = "2 rho in the place of rho."
    fails = ("trajectory", "points", "contraction")

    def radius(self) -> Array:
        return 2 * super().radius()


class Adaptive(Variant):
    """ASAM: e = rho T^2 g/||T g||, T = |x|."""

    name = "adaptive (ASAM)"
    sentence = "Perturbation rho T^2 g/||T g||, T = |x|, of ASAM."
    fails = ("trajectory", "points", "contraction", "theorem-tight-pair", "theorem-scaled-quadratics")

    def direction(self, g: Array) -> Array:
        T = np.abs(self.x)
        return T * super().direction(T * g)


class StaleGradient(Variant):
    """The gradient of the previous second pass; 0 at first."""

    name = "stale gradient"
    sentence = "Ascent along the gradient of the previous step's second pass."
    fails: tuple[str, ...] = ("trajectory", "points", "zero-gradient-second", "contraction")
    before: Array | None = None

    def ascent_gradient(self, g: Array) -> Array:
        return np.zeros_like(g) if self.before is None else self.before

    def descent_gradient(self, g: Array, h: Array) -> Array:
        self.before = h
        return super().descent_gradient(g, h)


class StaleAscentGradient(Variant):
    """The gradient of the previous first pass; 0 at first."""

    name = "stale gradient of the first pass"
    sentence = "Ascent along the gradient of the previous step's first pass."
    fails: tuple[str, ...] = ("trajectory", "points", "zero-gradient-second", "contraction")
    before: Array | None = None

    def ascent_gradient(self, g: Array) -> Array:
        before, self.before = self.before, g
        return np.zeros_like(g) if before is None else before


class StaleFromSecond(StaleGradient):
    """The gradient of the previous second pass; that of the first pass at first."""

    name = "stale gradient after the first step"
    sentence = "Ascent along the previous second pass; the first step is right."
    fails = ("trajectory", "points", "contraction")

    def ascent_gradient(self, g: Array) -> Array:
        return g if self.before is None else self.before


class StaleAscentFromSecond(StaleAscentGradient):
    """The gradient of the previous first pass; the own one at first."""

    name = "stale gradient of the first pass after the first step"
    sentence = "Ascent along the previous first pass; the first step is right."
    fails = ("trajectory", "points", "contraction")

    def ascent_gradient(self, g: Array) -> Array:
        first = self.before is None
        before = super().ascent_gradient(g)
        return g if first else before


class AlongMomentum(Variant):
    """The direction momentum buffer + g."""

    name = "ascent along momentum"
    sentence = "Perturbation along the momentum direction with the new gradient."
    needs = "momentum"
    fails = ("momentum",)

    def ascent_gradient(self, g: Array) -> Array:
        return self.momentum * self.buffer + g


class AlongOldMomentum(Variant):
    """The buffer of the previous step; g while there is none."""

    name = "ascent along the old momentum buffer"
    sentence = "Perturbation along the momentum buffer of the previous step."
    needs = "momentum"
    fails = ("momentum",)

    def ascent_gradient(self, g: Array) -> Array:
        return self.buffer if self.buffer.any() else g


class DecayInAscent(Variant):
    """g + wd x."""

    name = "weight decay inside the ascent"
    sentence = "Perturbation along g plus weight decay times x."
    needs = "weight_decay"
    fails = ("weight-decay",)

    def ascent_gradient(self, g: Array) -> Array:
        return g + self.weight_decay * self.x


class Unguarded(Variant):
    """0/0 where g = 0."""

    name = "0/0 at a zero gradient"
    sentence = "g/||g|| without a guard: NaN where g = 0."
    fails = ("zero-gradient", "theorem-rank-one-pair", "theorem-scaled-quadratics")

    def perturbation(self, g: Array) -> Array:
        return super().perturbation(g) + (0.0 if g.any() else self.lam * np.nan)
