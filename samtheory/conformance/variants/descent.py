"""Mistakes of the descent: the point of the second pass is right, the step is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.oracle import Oracle
from samtheory.conformance.reference import Mask
from samtheory.methods.unified_sam import unit

from .base import Variant


class AscentGradientUsed(Variant):
    """The gradient of pass 1."""

    name = "ascent gradient used"
    sentence = "The base optimiser gets the gradient of the first pass."
    fails = ("trajectory", "perturbed", "zero-gradient-second", "contraction")

    def descent_gradient(self, g: Array, h: Array) -> Array:
        return g


class MeanOfBoth(Variant):
    """(g + h)/2."""

    name = "mean of both"
    sentence = "The base optimiser gets the mean of the two gradients."
    fails = ("trajectory", "zero-gradient-second", "contraction")

    def descent_gradient(self, g: Array, h: Array) -> Array:
        return (g + h) / 2


class Accumulated(Variant):
    """g + h."""

    name = "gradients accumulated"
    sentence = "The gradient of the first pass is not cleared: g + h."
    fails = ("trajectory", "rho-zero", "zero-gradient-second", "contraction", "theorem-tight-pair")

    def descent_gradient(self, g: Array, h: Array) -> Array:
        return g + h


class AccumulatedOverSteps(Variant):
    """g + h and everything before."""

    name = "gradients never cleared"
    sentence = "The gradients of all passes and steps add up."
    fails = ("trajectory", "rho-zero", "points", "zero-gradient-second", "contraction", "theorem-tight-pair")
    total: Array | float = 0.0

    def ascent_gradient(self, g: Array) -> Array:
        self.total = self.total + g
        return np.asarray(self.total)

    def descent_gradient(self, g: Array, h: Array) -> Array:
        self.total = self.total + h
        return np.asarray(self.total)


class DirectionNormalised(Variant):
    """h/||h||."""

    name = "direction normalised"
    sentence = "The gradient of the second pass is divided by its norm."
    fails = (
        "trajectory",
        "rho-zero",
        "contraction",
        "theorem-tight-pair",
        "theorem-rank-one-pair",
        "theorem-scaled-quadratics",
    )

    def descent_gradient(self, g: Array, h: Array) -> Array:
        return unit(h)


class NotUndone(Variant):
    """The step from x + e."""

    name = "perturbation not undone"
    sentence = "The base optimiser steps from the perturbed point."
    fails = (
        "trajectory",
        "zero-gradient-second",
        "contraction",
        "theorem-tight-pair",
        "theorem-rank-one-pair",
        "theorem-scaled-quadratics",
    )

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        return super().restored(e, seen, present) + e

    def decayed(self, descent: Array, e: Array) -> Array:
        return super().decayed(descent, e) + self.weight_decay * e


class UndoneTwice(Variant):
    """The step from x - e."""

    name = "perturbation undone twice"
    sentence = "The base optimiser steps from x - e."
    fails = ("trajectory", "zero-gradient-second", "contraction", "theorem-tight-pair", "theorem-rank-one-pair")

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        return super().restored(e, seen, present) - e

    def decayed(self, descent: Array, e: Array) -> Array:
        return super().decayed(descent, e) - self.weight_decay * e


class BothPassesStep(Variant):
    """x - gamma g - gamma h."""

    name = "both passes step"
    sentence = "The base optimiser steps in the first pass, too."
    fails: tuple[str, ...] = (
        "trajectory",
        "rho-zero",
        "points",
        "zero-gradient-second",
        "contraction",
        "theorem-tight-pair",
    )

    def point(self, g: Array, e: Array) -> Array:
        # Momentum and decay of the extra step are those of a step with g.
        self.extra = self.gamma * self.with_momentum(self.decayed(g, 0 * e), np.ones(len(g), dtype=bool))
        return super().point(g, e) - self.extra

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        return super().restored(e, seen, present) - self.extra


class FirstStepUndone(BothPassesStep):
    """The step of the first pass shifts the point of the second pass only."""

    name = "both passes step, the first undone"
    sentence = "A step of the first pass moves only the second point."
    fails = ("trajectory", "rho-zero", "points", "contraction")

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        return super().restored(e, seen, present) + self.extra


class EveryStepUndone(Variant):
    """x stays."""

    name = "every step undone"
    sentence = "The old parameters are restored after the step."
    fails = (
        "trajectory",
        "rho-zero",
        "contraction",
        "theorem-tight-pair",
        "theorem-rank-one-pair",
        "theorem-scaled-quadratics",
    )

    def finish(self, g: Array, e: Array, h: Array, seen: Mask, present: Mask) -> None:
        x = self.x
        super().finish(g, e, h, seen, present)
        self.x = x


class SecondStepPlain(Variant):
    """Every second step is one of the base optimiser."""

    name = "every second step plain"
    sentence = "Steps 2, 4, 6, ... are not perturbed."
    fails = ("trajectory", "points", "contraction")

    def perturbation(self, g: Array) -> Array:
        return super().perturbation(g) * (self.t % 2 == 0)


class FirstStepPlain(Variant):
    """Steps 1, 3, 5, ... are those of the base optimiser."""

    name = "every second step plain, from the first"
    sentence = "Steps 1, 3, 5, ... are not perturbed."
    fails = ("trajectory", "points", "zero-gradient-second", "contraction")

    def perturbation(self, g: Array) -> Array:
        return super().perturbation(g) * (self.t % 2 == 1)


class ZeroLossSkipped(Variant):
    """Nothing is done where the loss is 0."""

    name = "a loss of 0 skips the step"
    sentence = "A loss of 0 is taken for no loss."
    fails = ("loss-value",)
    zero = False

    def taken(self, value: float, gradients: Sequence[Array | None]) -> Array:
        self.zero = self.zero or value == 0
        return super().taken(value, gradients)

    def accumulate(self, oracles: Sequence[Oracle]) -> None:
        self.zero, before = False, vars(self).copy()
        super().accumulate(oracles)
        if self.zero:
            vars(self).update(before)


class UnguardedSecond(Variant):
    """0/0 where h = 0."""

    name = "0/0 at a zero second gradient"
    sentence = "NaN where the gradient of the second pass is 0."
    fails = ("zero-gradient", "zero-gradient-second", "theorem-rank-one-pair", "theorem-scaled-quadratics")

    def descent_gradient(self, g: Array, h: Array) -> Array:
        h = super().descent_gradient(g, h)
        return h + (0.0 if h.any() else np.nan)
