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


def single(settings: dict[str, Any], *names: str) -> dict[str, Any]:
    """Settings with some of them, radii of groups with rho, rounded to float32."""
    changed: dict[str, Any] = {name: float(np.float32(settings[name])) for name in names if name in settings}
    if "rho" in names and settings.get("groups"):
        changed["groups"] = [(blocks, float(np.float32(radius))) for blocks, radius in settings["groups"]]
    return {**settings, **changed}


class Gamma32(Variant):
    """The step size in float32."""

    name = "gamma in float32"
    sentence = "The step size is rounded to float32."
    fails = ("trajectory", "rho-zero", "contraction")

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **single(settings, "gamma"))


class Rho32(Variant):
    """The radius in float32."""

    name = "rho in float32"
    sentence = "The radius is rounded to float32."
    fails = ("trajectory", "points", "contraction")

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **single(settings, "rho"))


class Momentum32(Variant):
    """The momentum in float32."""

    name = "momentum in float32"
    sentence = "The momentum is rounded to float32."
    needs = "momentum"
    fails = ("momentum",)

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **single(settings, "momentum"))


class Decay32(Variant):
    """The weight decay in float32."""

    name = "weight decay in float32"
    sentence = "The weight decay is rounded to float32."
    needs = "weight_decay"
    fails = ("weight-decay",)

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **single(settings, "weight_decay"))


class Settings32(Variant):
    """All settings in float32."""

    name = "all settings in float32"
    sentence = "Step size, radius, momentum and weight decay are rounded to float32."
    fails = ("trajectory", "rho-zero", "points", "contraction")

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **single(settings, "gamma", "rho", "momentum", "weight_decay"))
