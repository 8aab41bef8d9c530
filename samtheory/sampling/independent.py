"""Every component by itself."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, finite, reject

from .base import MANY, Number, Outcome, Sampling
from .law import Draw, Law, Outcomes, power

PROBABILITY = "a number in (0, 1]"
#: Probabilities that `falsify` searches among.
SEARCHED = (1e-6, 1.0)


@dataclass(frozen=True)
class Independent(Sampling):
    """every f_i by itself with probability P, weight 1/P; L_v can exceed L_max

    Parameters
    ----------
    p : probability of every component, in (0, 1]
    """

    key = "independent"
    form = "independent:P"

    p: float

    def __post_init__(self) -> None:
        p = finite("p", self.p, PROBABILITY)
        if not 0 < p <= 1:
            raise reject("p", self.p, PROBABILITY)
        object.__setattr__(self, "p", p)

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        if argument is None:
            raise InputError("sampling=independent: a probability is needed, as independent:P")
        return cls(finite("p", argument, PROBABILITY))

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls(0.5)] if 1 < n <= MANY else []

    @classmethod
    def searched(cls, n: int, choose: Callable[[float, float], float]) -> Sampling | None:
        return cls(choose(*SEARCHED))

    @property
    def argument(self) -> str:
        return f"{self.p:g}" if float(f"{self.p:g}") == self.p else repr(self.p)

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        p, n = number(self.p), len(L_i)
        for chosen in itertools.product((False, True) if self.p < 1 else (True,), repeat=n):
            probability = math.prod((p if each else 1 - p for each in chosen), start=number(1))
            yield probability, [(i, 1 / p) for i in range(n) if chosen[i]]

    def law(self, L_i: Array) -> Law:
        return IndependentLaw(np.full(len(L_i), self.p))

    def map_numbers(self, change: Callable[[float], float]) -> Self:
        return type(self)(change(self.p))


class IndependentLaw(Law):
    """Every i is in the batch by itself with probability p_i, and then v_i = 1/p_i."""

    def __init__(self, p: Array) -> None:
        self.n = self.width = len(p)
        self.p = self.inclusion = p
        self.weight = 1 / p
        self.B, self.K = 1.0, (1 - p) / p
        self.count = power(2, int((p < 1).sum()))

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        return self._packed(rng.random((size, self.n)) < self.p)

    def _outcomes(self) -> Outcomes:
        free = np.flatnonzero(self.p < 1)
        chosen = np.ones((self.count, self.n), dtype=bool)
        chosen[:, free] = (np.arange(self.count)[:, None] >> np.arange(len(free))) & 1
        probability = np.where(chosen, self.p, 1 - self.p).prod(axis=1)
        return Outcomes(self._packed(chosen), probability)

    def largest(self, L_i: Array) -> float:
        return float((L_i / self.p).mean())

    def _packed(self, chosen: np.ndarray) -> Draw:
        """The chosen indices first in each row, then padding of weight 0, as wide as the largest batch."""
        sizes = chosen.sum(axis=1)
        width = max(int(sizes.max(initial=0)), 1)
        rows, members = np.nonzero(chosen)
        slots = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        indices, weights = np.zeros((len(chosen), width), dtype=np.intp), np.zeros((len(chosen), width))
        indices[rows, slots], weights[rows, slots] = members, self.weight[members]
        return Draw(indices, weights)
