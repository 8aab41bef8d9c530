"""One component at a time, in proportion to its smoothness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from samtheory._typing import Array
from samtheory.errors import InputError

from .base import Number, Outcome, Sampling
from .law import Law
from .single import SingleLaw


@dataclass(frozen=True)
class Importance(Sampling):
    """one f_i with probability L_i / sum L_j, weighted by 1/(n p_i)"""

    key = form = "importance"
    source = "Oikonomou & Loizou, ICLR 2025, Section 3.4"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls()] if n > 1 else []

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        _some_above_0(any(L_i))
        total = sum(L_i)
        for i, L in enumerate(L_i):
            if L > 0:
                yield L / total, [(i, total / L)]

    def law(self, L_i: Array) -> Law:
        _some_above_0(bool(L_i.any()))
        return SingleLaw(L_i / L_i.sum())


def _some_above_0(found: bool) -> None:
    if not found:
        raise InputError("L_i: all 0: importance sampling needs one above 0")
