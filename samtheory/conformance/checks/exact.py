"""An instance whose contraction is known in closed form."""

from __future__ import annotations

import numpy as np

from samtheory.conformance.context import ISOTROPIC
from samtheory.conformance.problem import L
from samtheory.conformance.suite import Outcome, Suite, passed

from .registry import check


@check(
    "contraction", 360, "(L/2) ||x||^2, lam = 0: ||x|| shrinks by exactly 1 - gamma L (1 + rho L) in every step.",
    "The rate of USAM on a quadratic is missed: bounds that are attained there are violated or not reached.",
    needs="lam",
)  # fmt: skip
def contraction(suite: Suite) -> Outcome:
    """The instance on which the one-dimensional bound is attained."""
    due = 1 - ISOTROPIC.gamma * L * (1 + ISOTROPIC.rho * L)
    norms = np.linalg.norm(suite.run(ISOTROPIC).points, axis=1)
    gap = float(np.abs(norms[1:] / norms[:-1] - due).max())
    return passed(f"factor {due:.4g}", gap) if gap <= 1e-12 else suite.absolute(ISOTROPIC, gap)
