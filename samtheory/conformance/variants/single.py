"""Single precision: numbers rounded to float32 on their way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.oracle import Oracle
from samtheory.conformance.reference import Mask
from samtheory.methods.unified_sam import unit

from .ascent import Normed
from .base import Variant


def rounded(x: Any) -> Any:
    """float64 numbers that float32 can represent."""
    return np.asarray(x, dtype=np.float32).astype(np.float64)


class Perturbation32(Variant):
    """e in float32."""

    name = "perturbation in float32"
    sentence = "The perturbation is rounded to float32."
    fails = ("trajectory", "points", "contraction")

    def perturbation(self, g: Array) -> Array:
        return np.asarray(rounded(super().perturbation(g)))


class Length32(Normed):
    """||g|| in float32."""

    name = "length in float32"
    sentence = "The norm of the gradient is calculated in float32."
    fails = ("trajectory", "points")

    def norm(self, g: Array) -> float:
        return float(np.linalg.norm(g.astype(np.float32)))


class Gradients32(Variant):
    """g and h in float32."""

    name = "gradients in float32"
    sentence = "The gradients of both passes are rounded to float32."
    fails = ("trajectory", "rho-zero", "points", "contraction")

    def gradient(self, oracles: Sequence[Oracle], x: Array) -> tuple[Array, Mask]:
        g, present = super().gradient(oracles, x)
        return np.asarray(rounded(g)), present


class Everything32(Variant):
    """Parameters, gradients and steps in float32."""

    name = "everything in float32"
    sentence = "Parameters, gradients and steps are float32."
    fails = (
        "trajectory",
        "rho-zero",
        "points",
        "float64",
        "zero-gradient",
        "zero-gradient-second",
        "unused",
        "contraction",
    )

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **settings)
        self.x = rounded(self.x)

    def params(self) -> list[Array]:
        return [np.asarray(block, dtype=np.float32) for block in super().params()]

    def point(self, g: Array, e: Array) -> Array:
        return np.asarray(rounded(super().point(g, e)))

    def gradient(self, oracles: Sequence[Oracle], x: Array) -> tuple[Array, Mask]:
        g, present = super().gradient(oracles, x)
        return np.asarray(rounded(g)), present

    def direction(self, g: Array) -> Array:
        return np.asarray(rounded((1 - self.lam) * g + self.lam * rounded(unit(g))))

    def finish(self, g: Array, e: Array, h: Array, seen: Mask, present: Mask) -> None:
        super().finish(g, e, h, seen, present)
        self.x = rounded(self.x)


class Setting32(Variant):
    """A setting in float32."""

    settings: tuple[str, ...] = ()

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        kept = {key: value for key, value in settings.items() if key not in self.settings}
        changed = {key: float(np.float32(value)) for key, value in settings.items() if key in self.settings}
        super().build(blocks, **kept, **changed)
        if "rho" in self.settings:
            self.groups = [(mask, float(np.float32(radius))) for mask, radius in self.groups]


class Gamma32(Setting32):
    """The step size in float32."""

    name = "gamma in float32"
    sentence = "The step size is rounded to float32."
    fails = ("trajectory", "rho-zero", "contraction")
    settings = ("gamma",)


class Rho32(Setting32):
    """The radius in float32."""

    name = "rho in float32"
    sentence = "The radius is rounded to float32."
    fails = ("trajectory", "points", "contraction")
    settings = ("rho",)


class Momentum32(Setting32):
    """The momentum in float32."""

    name = "momentum in float32"
    sentence = "The momentum is rounded to float32."
    needs = "momentum"
    fails = ("momentum",)
    settings = ("momentum",)


class Decay32(Setting32):
    """The weight decay in float32."""

    name = "weight decay in float32"
    sentence = "The weight decay is rounded to float32."
    needs = "weight_decay"
    fails = ("weight-decay",)
    settings = ("weight_decay",)


class Settings32(Setting32):
    """All settings in float32."""

    name = "all settings in float32"
    sentence = "Step size, radius, momentum and weight decay are rounded to float32."
    fails = ("trajectory", "rho-zero", "points", "contraction")
    settings = ("gamma", "rho", "momentum", "weight_decay")
