"""The quantities that assumptions about the weights v of a sampling compare."""

from __future__ import annotations

import numpy as np

from samtheory.sampling.law import Law

from .problem import Problem
from .quantity import Quantity

#: Rounding error of a mean of weights, for each component.
RELATIVE = 1e-12


class AtWeights:
    """Quantities of the weights of the components that are not constant.

    Attributes
    ----------
    members : (m,) the numbers of these components
    bias : |E v_i - 1|, (m,)
    """

    def __init__(self, problem: Problem, law: Law) -> None:
        self.members = np.flatnonzero(problem.L_i.values > 0)
        self.bias = Quantity(np.abs(law.mean()[self.members] - 1), RELATIVE * law.n)
