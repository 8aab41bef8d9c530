"""A sampling with a mistake, for figures and for tests of the verifier."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array

from .laws import Law
from .samplings import Sampling


class Unweighted(Sampling):
    """A sampling whose draws have lost their weights."""

    key = ""
    form = "unweighted"

    def __init__(self, right: Sampling) -> None:
        self.right = right

    @property
    def spec(self) -> str:
        """That of the right one."""
        return self.right.spec

    def law(self, L_i: Array) -> Law:
        """The right law with every weight n/m."""
        law = self.right.law(L_i)
        law.weight = np.full(law.n, float(law.n))
        return law
