"""Blocks of a fixed partition, one at a time: the batches of an epoch that is never shuffled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from samtheory.errors import reject, whole

from .base import Number, Outcome, Sampling


@dataclass(frozen=True)
class Partition(Sampling):
    """one block of SIZE neighbouring f_i, in proportion to its size, weight n/size

    E[v v^T] is n/size within a block and 0 outside, which is not B 11^T + Diag(w): gradients of a block that point the
    same way do not average out. L_v is the mean of L_i over the block, at most L_max.

    Parameters
    ----------
    size : of each block; the last one may be smaller
    """

    key = "partition"
    form = "partition:SIZE"

    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", whole("size", self.size, 1))

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        return cls(whole("size", argument, 1))

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return []  # the sizes of interest are those of somebody's data

    @property
    def argument(self) -> str:
        return str(self.size)

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        n, one = len(L_i), number(1)
        if self.size > n:
            raise reject("size", self.size, f"at most n={n}")
        for begin in range(0, n, self.size):
            block = range(begin, min(begin + self.size, n))
            yield one * len(block) / n, [(i, one * n / len(block)) for i in block]
