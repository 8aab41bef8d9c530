"""A batch without replacement."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import reject

from .base import MANY, Number, Outcome, Sampling
from .law import Draw, Law, Outcomes, choose
from .minibatch import Minibatch


@dataclass(frozen=True)
class Nice(Minibatch):
    """tau of n without replacement, every subset as likely, weights n/tau"""

    key = "nice"
    form = "nice:TAU"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls(2)] if 2 < n <= MANY else []

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        n = self._fit(len(L_i))
        one = number(1)
        for subset in itertools.combinations(range(n), self.tau):
            yield one / choose(n, self.tau), [(i, one * n / self.tau) for i in subset]

    def law(self, L_i: Array) -> Law:
        return NiceLaw(self._fit(len(L_i)), self.tau)

    def _fit(self, n: int) -> int:
        if self.tau > n:
            raise reject("tau", self.tau, f"at most n={n}")
        return n


class NiceLaw(Law):
    """A subset of tau of n, every one as likely, v_i = n/tau on it (tau-nice)."""

    def __init__(self, n: int, tau: int) -> None:
        self.n, self.tau, self.width = n, tau, tau
        self.weight, self.inclusion = np.full(n, n / tau), np.full(n, tau / n)
        spread = max(n - 1, 1)
        self.B = n * (tau - 1) / (tau * spread) if tau < n else 1.0
        self.K = np.full(n, n * (n - tau) / (tau * spread))
        self.count = choose(n, tau)

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        # Floyd's algorithm, one column at a time over all draws: tau distinct indices without a permutation of n.
        indices = np.empty((size, self.tau), dtype=np.intp)
        for column, top in enumerate(range(self.n - self.tau, self.n)):
            picked = rng.integers(top + 1, size=size)
            seen = (indices[:, :column] == picked[:, None]).any(axis=1)
            indices[:, column] = np.where(seen, top, picked)
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = np.array(list(itertools.combinations(range(self.n), self.tau)), dtype=np.intp)
        return Outcomes(Draw(indices, self.weight[indices]), np.full(self.count, 1 / self.count))

    def largest(self, L_i: Array) -> float:
        return float(np.sort(L_i)[-self.tau :].mean())
