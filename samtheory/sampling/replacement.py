"""A batch with replacement."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import MANY, Number, Outcome, Sampling
from .law import Draw, Law, Outcomes, power
from .minibatch import Minibatch
from .single import SingleLaw


@dataclass(frozen=True)
class Replacement(Minibatch):
    """tau uniform draws with replacement, averaged"""

    key = "replacement"
    form = "replacement:TAU"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls(2)] if 1 < n <= MANY else []

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        n, one = len(L_i), number(1)
        for draws in itertools.product(range(n), repeat=self.tau):
            yield one / n**self.tau, [(i, one * n / self.tau) for i in draws]

    def law(self, L_i: Array) -> Law:
        return ReplacementLaw(np.full(len(L_i), 1 / len(L_i)), self.tau)


class ReplacementLaw(Law):
    """tau independent draws with probabilities q; v is the mean of tau single draws."""

    def __init__(self, q: Array, tau: int) -> None:
        self.single, self.tau = SingleLaw(q), tau
        self.n, self.width = len(q), tau
        self.weight, self.inclusion = self.single.weight / tau, tau * q
        self.B = 1 - 1 / tau if self.n > 1 else 1.0
        self.K = self.single.K / tau
        self.count = power(self.single.count, tau)

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        indices = self.single.draw(rng, size * self.tau).indices.reshape(size, self.tau)
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = np.array(list(itertools.product(self.single.possible, repeat=self.tau)), dtype=np.intp)
        return Outcomes(Draw(indices, self.weight[indices]), self.single.p[indices].prod(axis=1))

    def largest(self, L_i: Array) -> float:
        # All tau draws can be the same index: no 1/tau here.
        return self.single.largest(L_i)
