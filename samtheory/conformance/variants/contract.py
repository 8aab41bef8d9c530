"""Mistakes beside the formula: what an optimiser may not touch, and calls that it may not make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.oracle import Oracle
from samtheory.conformance.problem import blocks_of
from samtheory.conformance.reference import Mask

from .base import Variant


class SharedState(Variant):
    """The settings of the optimiser that was built last."""

    name = "state shared across instances"
    sentence = "Two optimisers in one process share settings or buffers."
    fails = ("instances",)
    shared: ClassVar[dict[str, float]] = {}

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **settings)
        self.shared.update(gamma=self.gamma, rho=self.rho)

    def accumulate(self, oracles: Sequence[Oracle]) -> None:
        vars(self).update(self.shared)
        super().accumulate(oracles)

    def set(self, **changed: float | None) -> None:
        super().set(**changed)
        self.shared.update(gamma=self.gamma, rho=self.rho)

    def load(self, state: dict[str, Any]) -> None:
        super().load(state)
        self.shared.update(gamma=self.gamma, rho=self.rho)


class StartChanged(Variant):
    """The arrays of `build` are moved."""

    name = "arrays of the caller changed in place"
    sentence = "The optimiser overwrites arrays that it was given."
    fails = ("caller-arrays",)

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **settings)
        self.given = blocks

    def finish(self, g: Array, e: Array, h: Array, seen: Mask, present: Mask) -> None:
        super().finish(g, e, h, seen, present)
        for block, moved in zip(self.given, blocks_of(self.x), strict=True):
            block[...] = moved


class GradientsChanged(Variant):
    """The arrays of the oracle are scaled."""

    name = "gradients of the caller changed in place"
    sentence = "The optimiser overwrites the gradients that it was given."
    fails = ("caller-arrays",)

    def taken(self, value: float, gradients: Sequence[Array | None]) -> Array:
        found = super().taken(value, gradients)
        for gradient in gradients:
            if gradient is not None:
                np.multiply(gradient, 0.5, out=gradient)
        return found


class ExtraEvaluation(Variant):
    """A third call, whose result is not used."""

    name = "extra evaluation"
    sentence = "A third call of the oracle in every step, unused."
    fails = ("evaluations",)

    def accumulate(self, oracles: Sequence[Oracle]) -> None:
        super().accumulate(oracles)
        self.gradient(oracles, self.x)
