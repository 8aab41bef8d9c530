"""A sampling with a mistake, for figures and for tests of the verifier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array

from .base import Number, Outcome, Sampling
from .law import Law


@dataclass(frozen=True)
class Unweighted(Sampling):
    """A sampling without the weights of its draws.

    Parameters
    ----------
    right : the sampling with its weights
    """

    form = "unweighted"

    right: Sampling

    @property
    def spec(self) -> str:
        """Text of the sampling with its weights."""
        return self.right.spec

    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        for probability, chosen in self.right.outcomes(L_i, number):
            yield probability, [(i, number(len(L_i))) for i, _ in chosen]

    def law(self, L_i: Array) -> Law:
        """The law of the right sampling, with n for every weight and with the moments of the right weights."""
        law = self.right.law(L_i)
        law.weight = np.full(law.n, float(law.n))
        return law
