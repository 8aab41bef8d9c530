"""The distribution of the random weights v >= 0, E v_i = 1, of g_v(x) = (1/n) sum v_i grad f_i(x).

A law draws and enumerates v, and knows its second moment in the form E[v v^T] = B 11^T + K, from which

    E||g_v||^2 = B ||grad f||^2 + (1/n^2) sum_ij K_ij <grad f_i, grad f_j>

and the expected residual E||g_v||^2 <= 2A (f - f_inf) + B ||grad f||^2 + C follow: with ||grad f_i||^2 <=
2 L_i (f_i - f_i_inf), A = lambda_max(D K D)/n for D = diag(sqrt L_i), and C = 2A (f_inf - mean f_i_inf).  For a
diagonal K = Diag(w) this is A = max w_i L_i / n (Oikonomou & Loizou, Section 3; Gower et al. 2019).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.errors import NotApplicable

#: Enumerations with more outcomes than this are refused.
OUTCOME_LIMIT = 200_000
#: Outcomes are counted up to here: the true number can be too large for a float64, or even to compute.
COUNTED = 10**18


class Draw(NamedTuple):
    """One draw a row: g_v(x) = (1/n) sum_j weights[:, j] grad f_{indices[:, j]}(x)."""

    indices: Indices
    weights: Array


class Outcomes(NamedTuple):
    """Every value of v: `draw` has one row an outcome, `probability` has shape (K,) and sums to 1."""

    draw: Draw
    probability: Array


class Law(ABC):
    """The distribution of v for n components.

    Attributes
    ----------
    n : number of components
    weight : (n,) mean of what component i adds to v_i each time it is drawn
    inclusion : (n,) mean number of times that component i is drawn
    B, K : second moment E[v v^T] = B 11^T + K; K has shape (n,) for the diagonal of a diagonal matrix, else (n, n)
    width : largest number of indices in a draw
    count : number of outcomes, or `COUNTED` if there are more
    """

    n: int
    weight: Array
    inclusion: Array
    B: float
    K: Array
    width: int
    count: int

    @abstractmethod
    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        """`size` independent draws, indices and weights of shape (size, m) with m at most `width`."""

    @abstractmethod
    def _outcomes(self) -> Outcomes: ...

    @abstractmethod
    def largest(self, L_i: Array) -> float:
        """ess sup of (1/n) sum v_i L_i, for L_i of shape (n,)."""

    def outcomes(self, limit: int = OUTCOME_LIMIT) -> Outcomes:
        """Every outcome with its probability.

        Raises
        ------
        NotApplicable
            If there are more than `limit`.
        """
        if self.count > limit:
            raise NotApplicable(f"the sampling has more than {limit} outcomes: they are not enumerated")
        return self._outcomes()

    @property
    def deterministic(self) -> bool:
        """Whether v = 1 almost surely."""
        return self.B == 1 and not self.K.any()

    @property
    def diagonal(self) -> bool:
        """Whether K is diagonal."""
        return self.K.ndim == 1

    @property
    def form(self) -> str:
        """The second moment in words."""
        return "E[v v^T] = B 11^T + Diag(w)" if self.diagonal else "E[v v^T] = B 11^T + K"

    @property
    def A_form(self) -> str:
        """The expected-residual constant A in words."""
        return "max w_i L_i / n" if self.diagonal else "lambda_max(D K D) / n, D = diag(sqrt L_i)"

    @property
    def w(self) -> Array:
        """Diagonal of K, shape (n,), where K is diagonal.

        Raises
        ------
        NotApplicable
            If K is not diagonal.
        """
        if not self.diagonal:
            raise NotApplicable("E[v v^T] - B 11^T of the sampling is not diagonal")
        return self.K

    @property
    def second_moment(self) -> Array:
        """E[v v^T], shape (n, n)."""
        return self.B + self.spread(np.eye(self.n))

    def spread(self, X: Array) -> Array:
        """K X for X of shape (n, ...)."""
        if self.diagonal:
            return np.asarray(self.K.reshape(-1, *[1] * (X.ndim - 1)) * X)
        return np.tensordot(self.K, X, axes=1)

    def mean(self) -> Array:
        """E v, shape (n,): unbiased exactly when every entry is 1 (where L_i > 0).

        Added up over the outcomes where they can be enumerated, inclusion * weight otherwise.
        """
        if self.count > OUTCOME_LIMIT:
            return self.inclusion * self.weight
        (indices, weights), probability = self.outcomes()
        total = np.zeros(self.n)
        np.add.at(total, indices, weights * probability[:, None])
        return total

    def A(self, L_i: Array) -> float:
        """The expected-residual constant A = lambda_max(D K D)/n with D = diag(sqrt L_i)."""
        if self.diagonal:
            return float((self.K * L_i).max() / self.n)
        root = np.sqrt(L_i)
        return max(float(np.linalg.eigvalsh(root[:, None] * self.K * root)[-1] / self.n), 0.0)

    def mean_square(self, values: Array) -> float:
        """E a_v^2 for a_v = (1/n) sum v_i a_i and values a_i of shape (n,)."""
        products = (self.K * values**2).sum() if self.diagonal else values @ self.K @ values
        return float(self.B * values.mean() ** 2 + products / self.n**2)


def choose(n: int, k: int) -> int:
    """n!/(k! (n-k)!), or `COUNTED` if that is more."""
    count = 1
    for j in range(min(k, n - k)):
        count = count * (n - j) // (j + 1)
        if count > COUNTED:
            return COUNTED
    return count


def power(base: int, exponent: int) -> int:
    """base^exponent, or `COUNTED` if that is more."""
    return base**exponent if exponent * math.log2(base) < math.log2(COUNTED) else COUNTED
