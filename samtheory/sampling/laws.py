"""The distributions of the random weights v >= 0, E v_i = 1, behind g_v(x) = (1/n) sum v_i grad f_i(x).

A law draws and enumerates v, and knows E[v v^T] = B 11^T + Diag(w), from which the expected-residual constants follow:
A = max w_i L_i / n, B, C = 2 A Delta_inf (Oikonomou & Loizou, Section 3; Gower et al. 2019).
"""

from __future__ import annotations

import itertools
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
    """Every value of a sampling: `draw` has one row an outcome, `probability` has shape (K,) and sums to 1."""

    draw: Draw
    probability: Array


class Law(ABC):
    """The distribution of v for n components.

    Attributes
    ----------
    n : number of components
    weight : (n,), what i adds to v_i each time it is in the draw
    inclusion : (n,), how often i is in a draw on average
    B, w : those of E[v v^T] = B 11^T + Diag(w), w of shape (n,)
    width : the most indices that a draw has
    count : the number of outcomes, or `COUNTED` if there are more
    """

    n: int
    weight: Array
    inclusion: Array
    B: float
    w: Array
    width: int
    count: int

    @abstractmethod
    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        """`size` independent draws, indices and weights of shape (size, m) with m at most `width`."""

    @abstractmethod
    def _outcomes(self) -> Outcomes: ...

    @abstractmethod
    def largest(self, L_i: Array) -> float:
        """ess sup of (1/n) sum v_i L_i, given the L_i of shape (n,)."""

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
        return self.B == 1 and not self.w.any()

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
        """The expected-residual constant A = max_i w_i L_i / n."""
        return float((self.w * L_i).max() / self.n)

    def mean_square(self, L_i: Array) -> float:
        """E L_v^2 = B L_avg^2 + (1/n^2) sum w_i L_i^2 for L_v = (1/n) sum v_i L_i."""
        return float(self.B * L_i.mean() ** 2 + (self.w * L_i**2).sum() / self.n**2)


class FullLaw(Law):
    """v = 1: the gradient of f itself."""

    def __init__(self, n: int) -> None:
        self.n = self.width = n
        self.weight = self.inclusion = np.ones(n)
        self.B, self.w, self.count = 1.0, np.zeros(n), 1

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        indices = np.tile(np.arange(self.n), (size, 1))
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = np.arange(self.n)[None]
        return Outcomes(Draw(indices, self.weight[indices]), np.ones(1))

    def largest(self, L_i: Array) -> float:
        return float(L_i.mean())


class SingleLaw(Law):
    """v = e_i / p_i with probability p_i; an index with p_i = 0 is never drawn (its f_i must be constant)."""

    def __init__(self, p: Array) -> None:
        self.n, self.width = len(p), 1
        self.p = self.inclusion = p
        self.weight = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
        self.B, self.w = (0.0, self.weight) if self.n > 1 else (1.0, np.zeros(1))
        self.possible = np.flatnonzero(p)
        self.count = len(self.possible)
        self._cumulative = np.cumsum(p[self.possible])

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        u = rng.random(size) * self._cumulative[-1]
        slots = np.minimum(np.searchsorted(self._cumulative, u, side="right"), self.count - 1)
        indices = self.possible[slots][:, None]
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = self.possible[:, None]
        return Outcomes(Draw(indices, self.weight[indices]), self.p[self.possible])

    def largest(self, L_i: Array) -> float:
        return float((L_i * self.weight).max() / self.n)


class NiceLaw(Law):
    """A subset of tau of n, every one as likely, v_i = n/tau on it (tau-nice)."""

    def __init__(self, n: int, tau: int) -> None:
        self.n, self.tau, self.width = n, tau, tau
        self.weight, self.inclusion = np.full(n, n / tau), np.full(n, tau / n)
        spread = max(n - 1, 1)
        self.B = n * (tau - 1) / (tau * spread) if tau < n else 1.0
        self.w = np.full(n, n * (n - tau) / (tau * spread))
        self.count = _choose(n, tau)

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        # Floyd's algorithm, one column at a time over all draws: tau distinct indices without a permutation of n.
        indices = np.empty((size, self.tau), dtype=np.intp)
        for column, top in enumerate(range(self.n - self.tau, self.n)):
            picked = rng.integers(top + 1, size=size)
            seen = (indices[:, :column] == picked[:, None]).any(axis=1)
            indices[:, column] = np.where(seen, top, picked)
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = np.array(list(itertools.combinations(range(self.n), self.tau)), dtype=np.intp)
        return Outcomes(Draw(indices, self.weight[indices]), np.full(self.count, 1 / self.count))

    def largest(self, L_i: Array) -> float:
        return float(np.sort(L_i)[-self.tau :].mean())


class ReplacementLaw(Law):
    """tau independent draws with probabilities q; v is the mean of tau single draws."""

    def __init__(self, q: Array, tau: int) -> None:
        self.single, self.tau = SingleLaw(q), tau
        self.n, self.width = len(q), tau
        self.weight, self.inclusion = self.single.weight / tau, tau * q
        self.B = 1 - 1 / tau if self.n > 1 else 1.0
        self.w = self.single.w / tau
        self.count = _power(self.single.count, tau)

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        indices = self.single.draw(rng, size * self.tau).indices.reshape(size, self.tau)
        return Draw(indices, self.weight[indices])

    def _outcomes(self) -> Outcomes:
        indices = np.array(list(itertools.product(self.single.possible, repeat=self.tau)), dtype=np.intp)
        return Outcomes(Draw(indices, self.weight[indices]), self.single.p[indices].prod(axis=1))

    def largest(self, L_i: Array) -> float:
        # All tau draws can be the same index: no 1/tau here.
        return self.single.largest(L_i)


class IndependentLaw(Law):
    """Every i is in the batch by itself with probability p_i, and then v_i = 1/p_i."""

    def __init__(self, p: Array) -> None:
        self.n = self.width = len(p)
        self.p = self.inclusion = p
        self.weight = 1 / p
        self.B, self.w = 1.0, (1 - p) / p
        self.count = _power(2, int((p < 1).sum()))

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


def _choose(n: int, k: int) -> int:
    """n!/(k! (n-k)!), or `COUNTED` if that is more."""
    count = 1
    for j in range(min(k, n - k)):
        count = count * (n - j) // (j + 1)
        if count > COUNTED:
            return COUNTED
    return count


def _power(base: int, exponent: int) -> int:
    """base^exponent, or `COUNTED` if that is more."""
    return base**exponent if exponent * math.log2(base) < math.log2(COUNTED) else COUNTED
