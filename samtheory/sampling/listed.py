"""The law of a list of outcomes, for a sampling without closed formulas."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, NotApplicable

from .law import OUTCOME_LIMIT, Draw, Law, Outcomes

#: Probabilities add up to 1, and entries of E[v v^T] - B 11^T count as 0, up to this.
ROUNDING = 1e-12


class ListedLaw(Law):
    """A law whose draws, moments and constants are all taken from its outcomes.

    B is the smallest off-diagonal entry of E[v v^T], and 1 where n = 1.

    Parameters
    ----------
    n : number of components
    outcomes : (probability, [(i, what it adds to v_i), ...]) of every outcome

    Raises
    ------
    NotApplicable
        If there are more than `OUTCOME_LIMIT` outcomes.
    InputError
        If the probabilities are not those of a distribution, or a weight is negative.
    """

    def __init__(self, n: int, outcomes: Iterable[tuple[Any, list[tuple[int, Any]]]]) -> None:
        from scipy.sparse import csr_matrix  # slow to import, and most samplings have a law of their own

        listed = list(islice(outcomes, OUTCOME_LIMIT + 1))
        if len(listed) > OUTCOME_LIMIT:
            raise NotApplicable(f"the sampling has more than {OUTCOME_LIMIT} outcomes: it needs a law of its own")
        self.n, self.count = n, len(listed)
        self.width = max((len(chosen) for _, chosen in listed), default=0) or 1
        self.probability = np.array([probability for probability, _ in listed], dtype=np.float64)
        self.indices = np.zeros((self.count, self.width), dtype=np.intp)
        self.weights = np.zeros((self.count, self.width))
        for row, (_, chosen) in enumerate(listed):
            for column, (i, weight) in enumerate(chosen):
                self.indices[row, column], self.weights[row, column] = i, weight
        self._check()
        drawn = self.weights > 0
        self.inclusion = np.zeros(n)
        np.add.at(self.inclusion, self.indices, drawn * self.probability[:, None])
        rows = np.repeat(np.arange(self.count), self.width)
        self._v = csr_matrix((self.weights.ravel(), (rows, self.indices.ravel())), shape=(self.count, n))
        mean = self._v.T @ self.probability
        self.weight = np.divide(mean, self.inclusion, out=np.zeros(n), where=self.inclusion > 0)
        self.B, self.K = decomposed((self._v.T @ self._v.multiply(self.probability[:, None]).tocsr()).toarray())

    def _check(self) -> None:
        total = self.probability.sum()
        if not (abs(total - 1) <= ROUNDING * max(self.count, 100) and (self.probability >= 0).all()):
            raise InputError(f"outcomes: probabilities add up to {total:.12g}: must be at least 0 and add up to 1")
        if not (self.weights >= 0).all():
            raise InputError(f"outcomes: smallest weight is {self.weights.min():g}: must be at least 0")

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        cumulative = np.cumsum(self.probability)
        slots = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
        slots = np.minimum(slots, self.count - 1)
        return Draw(self.indices[slots], self.weights[slots])

    def _outcomes(self) -> Outcomes:
        return Outcomes(Draw(self.indices, self.weights), self.probability)

    def largest(self, L_i: Array) -> float:
        return float((self._v @ L_i).max() / self.n)


def decomposed(moment: Array) -> tuple[float, Array]:
    """(B, K) of a second moment of shape (n, n) as in `Law`: B its smallest off-diagonal entry, 1 where n = 1."""
    n = len(moment)
    off = ~np.eye(n, dtype=bool)
    B = float(moment[off].min()) if n > 1 else 1.0
    B = 1.0 if abs(B - 1) <= ROUNDING else B
    K = moment - B
    K[np.abs(K) <= ROUNDING * np.abs(moment).max()] = 0.0
    return B, K if K[off].any() else np.diag(K).copy()
