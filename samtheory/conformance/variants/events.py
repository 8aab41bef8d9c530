"""Mistakes that show after an event: a changed setting, a state loaded, an absent gradient, micro-batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.conformance.oracle import Oracle
from samtheory.conformance.problem import blocks_of
from samtheory.conformance.reference import Mask

from .base import Variant


class RhoNever(Variant):
    """Rho of the start."""

    name = "rho never scheduled"
    sentence = "A change of rho has no effect."
    needs = "set_rho"
    fails = ("set-rho",)

    def set(self, **changed: float | None) -> None:
        changed.pop("rho", None)
        super().set(**changed)


class GammaNever(Variant):
    """Gamma of the start."""

    name = "gamma never scheduled"
    sentence = "A change of gamma has no effect."
    needs = "set_gamma"
    fails = ("set-gamma",)

    def set(self, **changed: float | None) -> None:
        changed.pop("gamma", None)
        super().set(**changed)


class LamNever(Variant):
    """Lam of the start."""

    name = "lam never scheduled"
    sentence = "A change of lam has no effect."
    needs = "set_lam"
    fails = ("set-lam",)

    def set(self, **changed: float | None) -> None:
        changed.pop("lam", None)
        super().set(**changed)


class Late(Variant):
    """Settings that `set` changes one step later."""

    def build(self, blocks: Sequence[Array], **settings: Any) -> None:
        super().build(blocks, **settings)
        self.waiting: dict[str, float | None] = {}

    def hold(self, name: str, changed: dict[str, float | None]) -> None:
        """Take a setting out of a change until after the next step."""
        if name in changed:
            self.waiting[name] = changed.pop(name)

    def accumulate(self, oracles: Sequence[Oracle]) -> None:
        super().accumulate(oracles)
        vars(self).update(self.waiting)
        self.waiting.clear()


class RhoLate(Late):
    """Rho one step later."""

    name = "rho late"
    sentence = "A change of rho acts one step late."
    needs = "set_rho"
    fails = ("set-rho",)

    def set(self, **changed: float | None) -> None:
        self.hold("rho", changed)
        super().set(**changed)


class GammaLate(Late):
    """Gamma one step later."""

    name = "gamma late"
    sentence = "A change of gamma acts one step late."
    needs = "set_gamma"
    fails = ("set-gamma",)

    def set(self, **changed: float | None) -> None:
        self.hold("gamma", changed)
        super().set(**changed)


class LamLate(Late):
    """Lam one step later."""

    name = "lam late"
    sentence = "A change of lam acts one step late."
    needs = "set_lam"
    fails = ("set-lam",)

    def set(self, **changed: float | None) -> None:
        self.hold("lam", changed)
        super().set(**changed)


class LeftPerturbed(Variant):
    """What has no gradient in pass 2 stays at x + e."""

    name = "left at the perturbed point"
    sentence = "A parameter without a second gradient keeps its perturbation."
    needs = "none"
    fails = ("unused-second",)

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        return np.where(present, super().restored(e, seen, present), self.x + e)


class OldPerturbation(Variant):
    """What has no gradient in pass 1 is moved by the perturbation of an earlier step."""

    name = "old perturbation applied again"
    sentence = "A parameter without a first gradient loses an earlier perturbation."
    needs = "none"
    fails = ("unused-sometimes",)
    old_e: Array | float = 0.0

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        restored = super().restored(e, seen, present)
        moved = np.where(seen | ~present, restored, restored - self.old_e)
        self.old_e = np.where(seen, e, self.old_e)
        return moved


class OldParameter(Variant):
    """What has no gradient in pass 1 is set back to the parameter of an earlier step."""

    name = "old parameter restored again"
    sentence = "A parameter without a first gradient returns to an earlier value."
    needs = "none"
    fails = ("unused-first",)
    old_x: Array | None = None

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        restored = super().restored(e, seen, present)
        old = self.x if self.old_x is None else self.old_x
        moved = np.where(seen | ~present, restored, old)
        self.old_x = np.where(seen, self.x, old)
        return moved


class OldGradient(Variant):
    """What has no gradient in both passes is moved by its last gradient."""

    name = "old gradient applied again"
    sentence = "A parameter without gradients steps along its last gradient."
    needs = "none"
    fails = ("unused-sometimes",)
    last: Array | float = 0.0

    def finish(self, g: Array, e: Array, h: Array, seen: Mask, present: Mask) -> None:
        again = np.where(seen | present, 0.0, self.last)
        super().finish(g, e, h, seen, present)
        self.x = self.x - self.gamma * again
        self.last = np.where(present, h, self.last)


class MomentumLost(Variant):
    """An empty buffer after `load`."""

    name = "momentum lost"
    sentence = "The momentum buffer is empty after loading."
    needs = "save momentum"
    fails = ("resume",)

    def load(self, state: dict[str, Any]) -> None:
        super().load({name: value for name, value in state.items() if name != "buffer"})


class CounterLost(Variant):
    """Settings of the start after `load`."""

    name = "step counter lost"
    sentence = "Schedules begin anew after loading: changed settings are forgotten."
    needs = "save set_rho"
    fails = ("resume",)

    def load(self, state: dict[str, Any]) -> None:
        super().load({name: value for name, value in state.items() if name == "buffer"})


class OldGamma(Variant):
    """Gamma cannot be changed after `load`."""

    name = "old gamma kept"
    sentence = "After loading, a change of gamma has no effect."
    needs = "save set_gamma"
    fails = ("resume-set",)
    loaded = False

    def load(self, state: dict[str, Any]) -> None:
        super().load(state)
        self.loaded = True

    def set(self, **changed: float | None) -> None:
        super().set(**{name: value for name, value in changed.items() if name != "gamma" or not self.loaded})


class NoLongerMoved(Variant):
    """After `load` the optimiser moves copies."""

    name = "parameters no longer moved"
    sentence = "After loading, the optimiser moves copies of the parameters."
    needs = "save"
    fails = ("resume",)
    shown: Array | None = None

    def load(self, state: dict[str, Any]) -> None:
        super().load(state)
        self.shown = self.x

    def params(self) -> list[Array]:
        return super().params() if self.shown is None else blocks_of(self.shown)


class PerturbedPerBatch(Variant):
    """Each micro-batch has its own perturbation."""

    name = "perturbation per micro-batch"
    sentence = "Each micro-batch is perturbed along its own gradient."
    needs = "accumulate"
    fails = ("accumulate",)

    def accumulate(self, oracles: Sequence[Oracle]) -> None:
        if len(oracles) == 1:
            super().accumulate(oracles)
            return
        first, second = [], []
        for oracle in oracles:
            g, seen = self.gradient([oracle], self.x)
            e = np.where(seen, self.perturbation(g), 0.0)
            h, present = self.gradient([oracle], self.point(g, e))
            first.append(g)
            second.append(h)
        self.finish(self.pooled(first), 0 * e, self.pooled(second), seen, present)
        self.t += 1


class SumForMean(Variant):
    """Gradients of micro-batches add up."""

    name = "sum for mean"
    sentence = "The gradients of the micro-batches are added, not averaged."
    needs = "accumulate"
    fails = ("accumulate",)

    def pooled(self, gradients: Sequence[Array]) -> Array:
        return np.asarray(sum(gradients))


class LastBatchOnly(Variant):
    """One micro-batch of several."""

    name = "last micro-batch only"
    sentence = "The gradients of the other micro-batches are lost."
    needs = "accumulate"
    fails = ("accumulate",)

    def pooled(self, gradients: Sequence[Array]) -> Array:
        return gradients[-1]


class AscentOfLastBatch(Variant):
    """The perturbation of one micro-batch."""

    name = "ascent on the last micro-batch"
    sentence = "The perturbation is that of the last micro-batch."
    needs = "accumulate"
    fails = ("accumulate",)

    def accumulate(self, oracles: Sequence[Oracle]) -> None:
        self.last_only = True
        super().accumulate(oracles)

    def pooled(self, gradients: Sequence[Array]) -> Array:
        last, self.last_only = self.last_only, False
        return gradients[-1] if last else super().pooled(gradients)
