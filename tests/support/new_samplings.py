"""Samplings that the library does not have: each is what one new file in `samtheory/sampling` would hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from samtheory.errors import whole
from samtheory.sampling.base import Number, Outcome, Sampling


@dataclass(frozen=True)
class Halves(Sampling):
    """the first or the second half of the f_i, as likely, weight 2"""

    key = form = "halves"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls()] if n > 1 else []

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        n, one = len(L_i), number(1)
        for half in (range(n // 2), range(n // 2, n)):
            yield one / 2, [(i, 2 * one) for i in half]


@dataclass(frozen=True)
class Blocks(Sampling):
    """one block of SIZE neighbouring f_i, in proportion to its size, weight n/size"""

    key = "blocks"
    form = "blocks:SIZE"

    size: int

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        return cls(whole("size", argument, 1))

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls(2)] if n > 2 else []

    @property
    def argument(self) -> str:
        return str(self.size)

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        n, one = len(L_i), number(1)
        for begin in range(0, n, self.size):
            block = range(begin, min(begin + self.size, n))
            yield one * len(block) / n, [(i, one * n / len(block)) for i in block]


@dataclass(frozen=True)
class Rare(Sampling):
    """f_1 with probability 1e-5, else all others, each with the inverse of its probability as weight"""

    key = form = "rare"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls()] if n > 1 else []

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        p = number(1) / 10**5
        yield p, [(0, 1 / p)]
        yield 1 - p, [(i, 1 / (1 - p)) for i in range(1, len(L_i))]
