"""Two independent draws at once, for methods that take a second one beside that of the gradient."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import NotApplicable

from .law import COUNTED, Draw, Law, Outcomes, power


class SignsLaw(Law):
    """d independent signs: weights of -1 and 1 with probability 1/2 each, at the indices 0, ..., d - 1."""

    def __init__(self, d: int) -> None:
        self.n = self.width = d
        self.inclusion, self.weight = np.ones(d), np.zeros(d)
        self.B, self.K, self.count = 0.0, np.ones(d), power(2, d)

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        return self._signs(rng.integers(0, 2, (size, self.n)))

    def _outcomes(self) -> Outcomes:
        bits = (np.arange(self.count)[:, None] >> np.arange(self.n)) & 1
        return Outcomes(self._signs(bits), np.full(self.count, 1 / self.count))

    def _signs(self, bits: Indices) -> Draw:
        """1 for a bit 1, -1 for a bit 0."""
        return Draw(np.tile(np.arange(self.n), (len(bits), 1)), np.where(bits > 0, 1.0, -1.0))

    def largest(self, L_i: Array) -> float:
        return float(L_i.mean())


class NumberLaw(Law):
    """A uniform random number in [0, 1), the weight of index 0; its outcomes cannot be listed."""

    n = width = 1
    inclusion, weight, B, K, count = np.ones(1), np.full(1, 0.5), 0.0, np.full(1, 1 / 3), COUNTED

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        return Draw(np.zeros((size, 1), dtype=np.intp), rng.random((size, 1)))

    def _outcomes(self) -> Outcomes:
        raise NotApplicable("a number in [0, 1) has too many outcomes: they are not enumerated")

    def largest(self, L_i: Array) -> float:
        return float(L_i[0])


class PairLaw(Law):
    """v and an independent second draw side by side, each in half of the columns; everything else is about v."""

    def __init__(self, first: Law, second: Law) -> None:
        self.first, self.second = first, second
        self.n, self.weight, self.inclusion, self.B, self.K = first.n, first.weight, first.inclusion, first.B, first.K
        self.half = max(first.width, second.width)
        self.width, self.count = 2 * self.half, first.count * second.count

    @property
    def deterministic(self) -> bool:
        """Whether nothing is random, the second draw included."""
        return self.first.deterministic and self.second.deterministic

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        return self._beside(self.first.draw(rng, size), self.second.draw(rng, size))

    def _outcomes(self) -> Outcomes:
        (one, p), (two, q) = self.first.outcomes(), self.second.outcomes()
        each, other = np.repeat(np.arange(len(p)), len(q)), np.tile(np.arange(len(q)), len(p))
        draws = (Draw(draw.indices[rows], draw.weights[rows]) for draw, rows in ((one, each), (two, other)))
        return Outcomes(self._beside(*draws), np.outer(p, q).ravel())

    def _beside(self, *draws: Draw) -> Draw:
        """Both draws, padded with weight 0."""
        size = len(draws[0].indices)
        indices, weights = np.zeros((size, self.width), dtype=np.intp), np.zeros((size, self.width))
        for begin, draw in zip((0, self.half), draws, strict=True):
            end = begin + draw.indices.shape[1]
            indices[:, begin:end], weights[:, begin:end] = draw
        return Draw(indices, weights)

    def largest(self, L_i: Array) -> float:
        return self.first.largest(L_i)


@lru_cache(maxsize=64)
def paired(law: Law, second: str, d: int) -> PairLaw:
    """The law beside a second draw: "draw" for one of the same law, "signs" for d signs, "number" for a number."""
    return PairLaw(law, {"draw": lambda: law, "signs": lambda: SignsLaw(d), "number": NumberLaw}[second]())
