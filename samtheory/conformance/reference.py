"""SAM with a base optimiser, the right trajectory, as an adapter with every capability.

Each line of a step is a method, so that a wrong variant replaces one line (`variants`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.methods.unified_sam import ascent

from .oracle import Oracle
from .problem import SIZES, blocks_of, flat

Mask = npt.NDArray[np.bool_]


def of_blocks(numbers: Iterable[int]) -> Mask:
    """The coordinates of some blocks."""
    chosen = set(numbers)
    return np.repeat([k in chosen for k in range(len(SIZES))], SIZES)


EVERYWHERE = of_blocks(range(len(SIZES)))
ZERO = [np.zeros(size) for size in SIZES]


class Reference:
    """Unified SAM with SGD, momentum, Nesterov's momentum, coupled weight decay and groups with their own radius."""

    name = "reference"
    supports = frozenset(
        [
            "lam",
            "momentum",
            "nesterov",
            "weight_decay",
            "groups",
            "none",
            "save",
            "set_gamma",
            "set_rho",
            "set_lam",
            "accumulate",
        ]
    )

    def build(self, blocks: Sequence[Array], *, groups: Any = None, **settings: Any) -> None:
        """Make the optimiser at these blocks."""
        self.x = flat(blocks)
        self.momentum, self.nesterov, self.weight_decay = 0.0, False, 0.0
        self.lam = 1.0
        vars(self).update(settings)
        self.groups = [(of_blocks(numbers), radius) for numbers, radius in groups or []]
        self.buffer, self.t = np.zeros_like(self.x), 0

    def params(self) -> list[Array]:
        """The current blocks."""
        return blocks_of(self.x)

    def save(self) -> dict[str, Any]:
        """The state: buffers, and settings that `set` may have changed."""
        buffer = {"buffer": self.buffer} if self.momentum else {}
        return {**buffer, "gamma": self.gamma, "rho": self.rho, "lam": self.lam, "t": self.t}

    def load(self, state: dict[str, Any]) -> None:
        """Continue from a state."""
        vars(self).update(state)

    def set(self, **changed: float | None) -> None:
        """Change settings between steps."""
        vars(self).update({name: value for name, value in changed.items() if value is not None})

    def step(self, oracle: Oracle) -> None:
        """Both passes on one draw."""
        self.accumulate([oracle])

    def accumulate(self, oracles: Sequence[Oracle]) -> None:
        """Both passes on the mean of several micro-batches."""
        g, seen = self.gradient(oracles, self.x)
        e = np.where(seen, self.perturbation(g), 0.0)
        h, present = self.gradient(self.second(oracles), self.point(g, e))
        self.finish(g, e, h, seen, present)
        self.t += 1

    # The lines of a step.

    def gradient(self, oracles: Sequence[Oracle], x: Array) -> tuple[Array, Mask]:
        """The gradient, 0 where absent, and where it is present."""
        answers = [oracle(blocks_of(x)) for oracle in oracles]
        blocks = answers[0][1]
        absent = any(block is None for block in blocks)
        present = of_blocks(k for k, block in enumerate(blocks) if block is not None) if absent else EVERYWHERE
        return self.pooled([self.taken(*each) for each in answers]), present

    def taken(self, value: float, gradients: Sequence[Array | None]) -> Array:
        """The gradient of one call as a vector, 0 where absent."""
        return flat([ZERO[k] if g is None else g for k, g in enumerate(gradients)])

    def pooled(self, gradients: Sequence[Array]) -> Array:
        """One gradient of those of the micro-batches."""
        return np.asarray(sum(gradients) / len(gradients))

    def second(self, oracles: Sequence[Oracle]) -> Sequence[Oracle]:
        """The oracles of the second pass."""
        return oracles

    def radius(self) -> Array:
        """The radius of each coordinate."""
        radius = np.full_like(self.x, self.rho)
        for mask, own in self.groups:
            radius[mask] = own
        return radius

    def ascent_gradient(self, g: Array) -> Array:
        """The vector along which x is perturbed."""
        return g

    def direction(self, g: Array) -> Array:
        """(1 - lam + lam/||g||) g."""
        return ascent(g, self.lam)

    def perturbation(self, g: Array) -> Array:
        """e = rho (1 - lam + lam/||g||) g."""
        return self.radius() * self.direction(self.ascent_gradient(g))

    def point(self, g: Array, e: Array) -> Array:
        """The point of the second pass."""
        return self.x + e

    def descent_gradient(self, g: Array, h: Array) -> Array:
        """The gradient that the base optimiser gets."""
        return h

    def restored(self, e: Array, seen: Mask, present: Mask) -> Array:
        """The point from which the base optimiser steps."""
        return self.x

    def decayed(self, descent: Array, e: Array) -> Array:
        """Coupled weight decay, at the iterate."""
        return descent + self.weight_decay * self.x

    def with_momentum(self, descent: Array, present: Mask) -> Array:
        """The direction of SGD with momentum: buffer = momentum buffer + gradient."""
        if not self.momentum:
            return descent
        self.buffer = np.where(present, self.momentum * self.buffer + descent, self.buffer)
        return descent + self.momentum * self.buffer if self.nesterov else self.buffer

    def finish(self, g: Array, e: Array, h: Array, seen: Mask, present: Mask) -> None:
        """The step of the base optimiser, of what has a gradient in the second pass."""
        descent = self.decayed(self.descent_gradient(g, h), e)
        moved = self.gamma * self.with_momentum(descent, present)
        self.x = self.restored(e, seen, present) - np.where(present, moved, 0.0)

    gamma: float
    rho: float
