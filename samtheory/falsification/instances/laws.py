"""The laws of `sampling.laws` in any kind of number: outcomes, B and w, and the largest sampled smoothness.

E[v v^T] = B 11^T + Diag(w) as there; a test compares the two.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .arithmetic import Kit, Number

#: The (i, v_i) with v_i > 0 of one outcome, and its probability.
Outcome = tuple[Number, list[tuple[int, Number]]]


class Moments(NamedTuple):
    """E[v v^T] = B 11^T + Diag(w)."""

    B: Number
    w: Sequence[Number]


@dataclass(frozen=True)
class Weights:
    """A law of v for n components.

    Attributes
    ----------
    kind : a key of `sampling.samplings()`
    n : the number of components
    tau : the batch size of `nice` and `replacement`
    p : the probabilities of `single` and `importance` but the last, or the one of `independent`
    """

    kind: str
    n: int
    tau: int = 1
    p: tuple[Number, ...] = ()

    @property
    def probabilities(self) -> tuple[Number, ...]:
        """The p of `single` and `importance`, adding up to 1 exactly."""
        return (*self.p, 1 - sum(self.p))

    @property
    def deterministic(self) -> bool:
        """Whether v = 1."""
        return (
            self.kind == "full"
            or (self.n == 1 and self.kind != "independent")
            or (self.kind == "nice" and self.tau == self.n)
        )

    @property
    def spec(self) -> str:
        """The text that `parse_sampling` reads; of `single`, a file is needed."""
        argument = {"nice": self.tau, "replacement": self.tau, "independent": float(self.p[0]) if self.p else ""}
        return f"{self.kind}:{argument[self.kind]!r}" if self.kind in argument else self.kind

    def outcomes(self, kit: Kit) -> Iterator[Outcome]:
        """Every outcome."""
        n, tau, one = self.n, self.tau, kit.number(1)
        if self.deterministic:
            yield one, [(i, one) for i in range(n)]
        elif self.kind == "uniform":
            for i in range(n):
                yield one / n, [(i, one * n)]
        elif self.kind in ("single", "importance"):
            for i, p in enumerate(self.probabilities):
                yield p, [(i, 1 / p)]
        elif self.kind == "nice":
            subsets = list(itertools.combinations(range(n), tau))
            for subset in subsets:
                yield one / len(subsets), [(i, one * n / tau) for i in subset]
        elif self.kind == "replacement":
            for draws in itertools.product(range(n), repeat=tau):
                yield one / n**tau, [(i, one * n / tau) for i in draws]
        else:
            (p,) = self.p
            for chosen in itertools.product((False, True), repeat=n):
                probability = math.prod((p if each else 1 - p for each in chosen), start=one)
                yield probability, [(i, 1 / p) for i in range(n) if chosen[i]]

    def moments(self, kit: Kit) -> Moments:
        """B and w."""
        n, tau, one = self.n, self.tau, kit.number(1)
        if self.deterministic:
            return Moments(one, [0 * one] * n)
        if self.kind == "uniform":
            return Moments(0 * one, [one * n] * n)
        if self.kind in ("single", "importance"):
            return Moments(0 * one, [1 / p for p in self.probabilities])
        if self.kind == "nice":
            spread = one * tau * (n - 1)
            return Moments(n * (tau - 1) / spread, [n * (n - tau) / spread] * n)
        if self.kind == "replacement":
            return Moments(1 - one / tau, [one * n / tau] * n)
        (p,) = self.p
        return Moments(one, [(1 - p) / p] * n)

    def largest(self, kit: Kit, L_i: Sequence[Number]) -> Number:
        """ess sup of (1/n) sum v_i L_i."""
        return max(sum(v * L_i[i] for i, v in chosen) for _, chosen in self.outcomes(kit) if chosen) / self.n
