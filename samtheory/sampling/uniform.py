"""One component at a time, every one as likely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import Number, Outcome, Sampling
from .law import Law
from .single import SingleLaw


@dataclass(frozen=True)
class Uniform(Sampling):
    """one f_i, every one as likely"""

    key = form = "uniform"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls()] if n > 1 else []

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        n = number(len(L_i))
        for i in range(len(L_i)):
            yield 1 / n, [(i, n)]

    def law(self, L_i: Array) -> Law:
        return SingleLaw(np.full(len(L_i), 1 / len(L_i)))
