"""Second moments of a sampled gradient from the gradients of the components."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.sampling.law import Law, Outcomes

#: E[v v^T] is added up where outcomes times squared components are at most this many.
ENUMERATED = 1_000_000_000


class SecondMoment:
    """E||g_v||^2 = (1/n^2) sum_ij P_ij <grad f_i, grad f_j>, where P = E[v v^T] is added up over the outcomes if few.

    Attributes
    ----------
    P : (n, n), or None where it is the law's own second moment B 11^T + K
    """

    def __init__(self, law: Law) -> None:
        self.n, self.law = law.n, law
        self.P: Array | None = None
        if law.count * law.n**2 <= ENUMERATED:
            V, probability = weights_of(law.outcomes(), law.n)
            P = (V * probability[:, None]).T @ V
            if not np.allclose(P, law.second_moment, rtol=1e-10, atol=1e-10):
                self.P = P

    @property
    def diagonal(self) -> bool:
        """Whether P = B 11^T + Diag(w)."""
        return self.P is None and self.law.diagonal

    def from_norms(self, norms2: Array, mean2: Array) -> Array:
        """E||g_v||^2 for a diagonal K, from ||grad f_i||^2, shape (R, n), and ||grad f||^2, shape (R,)."""
        return np.asarray(self.law.B * mean2 + norms2 @ self.law.K / self.n**2)

    @cached_property
    def total(self) -> float:
        """(1/n^2) sum_ij P_ij: E of the squared total weight over n."""
        return float(np.sum(self.weigh(np.ones((1, self.n, 1)))))

    def weigh(self, a: Array) -> Array:
        """(1/n^2) sum_j P_ij a_j for vectors a of shape (R, n, d)."""
        if self.P is not None:
            return np.asarray(self.P @ a / self.n**2)
        spread = np.moveaxis(self.law.spread(np.moveaxis(a, 1, 0)), 0, 1)
        return np.asarray((self.law.B * a.sum(axis=1, keepdims=True) + spread) / self.n**2)


@lru_cache(maxsize=32)
def second_moment(law: Law) -> SecondMoment:
    """The second moment under a law, computed once."""
    return SecondMoment(law)


def weights_of(outcomes: Outcomes, n: int) -> tuple[Array, Array]:
    """v of every outcome as rows (K, n), and the probabilities (K,)."""
    V = np.zeros((len(outcomes.probability), n))
    np.add.at(V, (np.arange(len(V))[:, None], outcomes.draw.indices), outcomes.draw.weights)
    return V, outcomes.probability


def enumerable(law: Law, most: int) -> Outcomes | None:
    """The outcomes of a law where there are at most `most`."""
    try:
        return law.outcomes(most)
    except NotApplicable:
        return None
