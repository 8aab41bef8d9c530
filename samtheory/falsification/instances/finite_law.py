"""A sampling of few components as the list of its outcomes, in any kind of number.

Everything is an expectation over the outcomes that the sampling itself lists, so that every sampling is covered.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from samtheory.sampling.base import Outcome, Sampling

from .arithmetic import Number, NumberType

#: How far above the eigenvalue of the floats an upper bound is tried first, relative to the largest entry.
EIGENVALUE = Fraction(1, 10**9)

#: The (i, what it adds to v_i) of one outcome.
Chosen = Sequence[tuple[int, Number]]
Matrix = Sequence[Sequence[Number]]


@dataclass(frozen=True)
class FiniteLaw:
    """The distribution of v for n components.

    Attributes
    ----------
    n : number of components
    outcomes : every value of v of positive probability, with its probability
    kind : the kind of number
    """

    n: int
    outcomes: Sequence[Outcome]
    kind: NumberType

    @classmethod
    def of(cls, sampling: Sampling, L_i: Sequence[Number], kind: NumberType) -> FiniteLaw:
        """The sampling bound to components of smoothness L_i."""
        found = sampling.outcomes(L_i, kind.number)
        return cls(len(L_i), [(probability, chosen) for probability, chosen in found if probability > 0], kind)

    def in_arithmetic(self, kind: NumberType) -> FiniteLaw:
        """The same law in another kind of number."""
        outcomes = [(kind.number(p), [(i, kind.number(v)) for i, v in chosen]) for p, chosen in self.outcomes]
        return FiniteLaw(self.n, outcomes, kind)

    @cached_property
    def deterministic(self) -> bool:
        """Whether v = 1."""
        return len(self.outcomes) == 1 and all(weight == 1 for weight in self.weights(self.outcomes[0][1]))

    def weights(self, chosen: Chosen) -> list[Number]:
        """v of one outcome."""
        v = [self.kind.number(0)] * self.n
        for i, weight in chosen:
            v[i] += weight
        return v

    def average(self, chosen: Chosen, values: Sequence[Number]) -> Number:
        """(1/n) sum v_i a_i for one outcome and numbers a_i."""
        return sum((weight * values[i] for i, weight in chosen), start=self.kind.number(0)) / self.n

    def expectation(self, of: Callable[[Chosen], Number]) -> Number:
        """E of a function of v."""
        return sum((probability * of(chosen) for probability, chosen in self.outcomes), start=self.kind.number(0))

    def largest(self, values: Sequence[Number]) -> Number:
        """ess sup of (1/n) sum v_i a_i."""
        return max(self.average(chosen, values) for _, chosen in self.outcomes)

    def mean(self) -> list[Number]:
        """E v."""
        return [self.expectation(lambda chosen: self.weights(chosen)[i]) for i in range(self.n)]  # noqa: B023

    def mean_square(self, values: Sequence[Number]) -> Number:
        """E a_v^2 for a_v = (1/n) sum v_i a_i."""
        return self.expectation(lambda chosen: self.average(chosen, values) ** 2)

    @cached_property
    def second_moment(self) -> list[list[Number]]:
        """E[v v^T]."""
        found = [[self.kind.number(0)] * self.n for _ in range(self.n)]
        for probability, chosen in self.outcomes:
            v = self.weights(chosen)
            for i, j in itertools.product(range(self.n), repeat=2):
                found[i][j] += probability * v[i] * v[j]
        return found

    #: How `sampling.law` writes the second moment and A.
    form = "E[v v^T] = B 11^T + K"
    A_form = "lambda_max(D K D) / n, D = diag(sqrt L_i)"

    @cached_property
    def B(self) -> Number:
        """The least entry of E[v v^T] off its diagonal."""
        pairs = itertools.permutations(range(self.n), 2)
        return min((self.second_moment[i][j] for i, j in pairs), default=self.kind.number(1))

    def A(self, L_i: Sequence[Number]) -> Number:
        """The expected-residual constant of `sampling.law`: lambda_max(D K D)/n, or slightly more."""
        K = [[entry - self.B for entry in row] for row in self.second_moment]
        noise = self.kind.tolerance * max(map(max, self.second_moment))
        if all(abs(K[i][j]) <= noise for i, j in itertools.permutations(range(self.n), 2)):
            return max(K[i][i] * L_i[i] for i in range(self.n)) / self.n
        return largest_eigenvalue(K, L_i, self.kind) / self.n


def largest_eigenvalue(K: Matrix, L_i: Sequence[Number], kind: NumberType) -> Number:
    """lambda_max(D K D) for a symmetric K and D = diag(sqrt L_i); in rationals an upper bound, proved.

    c is an upper bound exactly if Diag(c/L_i) - K is positive semidefinite on the components with L_i > 0.
    """
    active = [i for i, L in enumerate(L_i) if L > 0]
    if not active:
        return kind.number(0)
    root = np.sqrt([float(L_i[i]) for i in active])
    scaled = root[:, None] * np.array([[float(K[i][j]) for j in active] for i in active]) * root
    c = kind.number(max(float(np.linalg.eigvalsh(scaled)[-1]), 0.0))
    if kind.tolerance:
        return c
    margin = kind.number(float(np.abs(scaled).max()) or 1.0) * EIGENVALUE
    while not positive_definite([[(c + margin) / L_i[i] * (i == j) - K[i][j] for j in active] for i in active]):
        margin *= 2
    return c + margin


def positive_definite(matrix: Matrix) -> bool:
    """Whether a symmetric matrix of rationals is positive definite, by elimination."""
    rows = [list(row) for row in matrix]
    for k, pivot in enumerate(rows):
        if not pivot[k] > 0:
            return False
        for row in rows[k + 1 :]:
            factor = row[k] / pivot[k]
            row[k:] = [here - factor * there for here, there in zip(row[k:], pivot[k:], strict=True)]
    return True
