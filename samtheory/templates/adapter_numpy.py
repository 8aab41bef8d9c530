"""An adapter for `samtheory conform`: replace the optimiser in it by your own.

    samtheory conform THIS_FILE.py                                                      is it SAM?
    samtheory verify ridge --theorem unified-sam/3.2 --method THIS_FILE.py:MySAM        does a theorem hold for it?

Blocks are float64 arrays; `oracle(blocks)` returns the loss and the gradient of each block on the draw of the step.
`supports` declares what else the optimiser can do; `samtheory conform --list` explains the words.
"""

from collections.abc import Callable

import numpy as np


class MySAM:
    """SAM with momentum."""

    supports = frozenset({"lam", "momentum", "save"})

    def build(self, blocks: list, *, gamma: float, rho: float, lam: float = 1.0, momentum: float = 0.0) -> None:
        """Make the optimiser at these blocks."""
        self.x, self.buffer = [block.copy() for block in blocks], [np.zeros_like(block) for block in blocks]
        self.gamma, self.rho, self.lam, self.momentum = gamma, rho, lam, momentum

    def step(self, oracle: Callable) -> None:
        """One step, both passes."""
        _, g = oracle(self.x)
        length = np.linalg.norm(np.concatenate([block.ravel() for block in g]))
        factor = self.rho * (1 - self.lam + (self.lam / length if length > 0 else 0.0))
        _, h = oracle([x + factor * block for x, block in zip(self.x, g, strict=True)])
        self.buffer = [self.momentum * old + block for old, block in zip(self.buffer, h, strict=True)]
        self.x = [x - self.gamma * block for x, block in zip(self.x, self.buffer, strict=True)]

    def params(self) -> list:
        """The current blocks."""
        return self.x

    def save(self) -> list:
        """The state that a checkpoint holds."""
        return self.buffer if self.momentum else []

    def load(self, state: list) -> None:
        """Continue from a state."""
        self.buffer = state or self.buffer
