"""Full batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import Number, Outcome, Sampling
from .law import Draw, Law, Outcomes


@dataclass(frozen=True)
class Full(Sampling):
    """every f_i with weight 1: the full batch"""

    key = form = "full"

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        one = number(1)
        yield one, [(i, one) for i in range(len(L_i))]

    def law(self, L_i: Array) -> Law:
        return FullLaw(len(L_i))


class FullLaw(Law):
    """v = 1: the gradient of f itself."""

    def __init__(self, n: int) -> None:
        self.n = self.width = n
        self.weight = self.inclusion = np.ones(n)
        self.B, self.K, self.count = 1.0, np.zeros(n), 1

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        indices = np.tile(np.arange(self.n), (size, 1))
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = np.arange(self.n)[None]
        return Outcomes(Draw(indices, self.weight[indices]), np.ones(1))

    def largest(self, L_i: Array) -> float:
        return float(L_i.mean())
