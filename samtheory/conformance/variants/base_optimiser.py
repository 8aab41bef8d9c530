"""Mistakes of the base optimiser: momentum and weight decay."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.reference import Mask

from .base import Variant


class MomentumTwice(Variant):
    """The buffer takes up the gradient of each pass."""

    name = "momentum updated twice"
    sentence = "The momentum buffer takes up the gradients of both passes."
    needs = "momentum"
    fails = ("momentum",)

    def point(self, g: Array, e: Array) -> Array:
        self.with_momentum(self.decayed(g, 0 * e), np.ones(len(g), dtype=bool))
        return super().point(g, e)


class Dampened(Variant):
    """buffer = momentum buffer + (1 - momentum) gradient."""

    name = "momentum dampened"
    sentence = "The new gradient enters the buffer with the factor 1 - momentum."
    needs = "momentum"
    fails = ("momentum",)

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        return super().with_momentum((1 - self.momentum) * descent, present)


class DampenedLater(Variant):
    """As dampened, but for the first gradient."""

    name = "momentum dampened after the first step"
    sentence = "The factor 1 - momentum applies from the second step on."
    needs = "momentum"
    fails = ("momentum",)

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        first = not self.buffer.any()
        return super().with_momentum(descent if first else (1 - self.momentum) * descent, present)


class NoMomentum(Variant):
    """Momentum 0."""

    name = "no momentum"
    sentence = "The momentum of the base optimiser is ignored."
    needs = "momentum"
    fails = ("momentum",)

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        return descent


class NoNesterov(Variant):
    """Heavy-ball momentum."""

    name = "no Nesterov"
    sentence = "Nesterov's momentum is asked for, plain momentum is used."
    needs = "nesterov"
    fails = ("nesterov",)

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        moved = super().with_momentum(descent, present)
        return self.buffer if self.nesterov and self.momentum else moved


class AlwaysNesterov(Variant):
    """Nesterov's momentum."""

    name = "Nesterov unasked"
    sentence = "Plain momentum is asked for, Nesterov's momentum is used."
    needs = "momentum"
    fails = ("momentum",)

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        moved = super().with_momentum(descent, present)
        return descent + self.momentum * self.buffer if self.momentum else moved


class DecayAtPerturbed(Variant):
    """h + wd y."""

    name = "decay at the perturbed point"
    sentence = "Weight decay of x + e in the place of x."
    needs = "weight_decay"
    fails = ("weight-decay",)

    def decayed(self, descent: Array, e: Array) -> Array:
        return super().decayed(descent, e) + self.weight_decay * e


class DecayInLoss(Variant):
    """(wd/2) ||x||^2 added to the loss."""

    name = "decay as part of the loss"
    sentence = "Weight decay acts in both passes, each at its own point."
    needs = "weight_decay"
    fails = ("weight-decay",)

    def ascent_gradient(self, g: Array) -> Array:
        return super().ascent_gradient(g) + self.weight_decay * self.x

    def decayed(self, descent: Array, e: Array) -> Array:
        return super().decayed(descent, e) + self.weight_decay * e


class Decoupled(Variant):
    """x - gamma (wd x + momentum direction)."""

    name = "decoupled decay"
    sentence = "Weight decay does not enter the momentum buffer."
    needs = "weight_decay momentum"
    fails = ("weight-decay",)

    def decayed(self, descent: Array, e: Array) -> Array:
        return descent

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        return super().with_momentum(descent, present) + self.weight_decay * self.x


class DecayTwice(Variant):
    """h + 2 wd x."""

    name = "decay twice"
    sentence = "Weight decay is applied by the method and by the base optimiser."
    needs = "weight_decay"
    fails = ("weight-decay",)

    def decayed(self, descent: Array, e: Array) -> Array:
        return super().decayed(descent, e) + self.weight_decay * self.x


class NoDecay(Variant):
    """h."""

    name = "no decay"
    sentence = "Weight decay is ignored."
    needs = "weight_decay"
    fails = ("weight-decay",)

    def decayed(self, descent: Array, e: Array) -> Array:
        return descent


class DecayUnscaled(Variant):
    """x (1 - wd) - gamma h."""

    name = "decay not scaled by gamma"
    sentence = "x loses weight decay times x, whatever the step size."
    needs = "weight_decay"
    fails = ("weight-decay",)

    def decayed(self, descent: Array, e: Array) -> Array:
        return descent

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        return super().with_momentum(descent, present) + self.weight_decay * self.x / self.gamma
