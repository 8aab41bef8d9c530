"""Samplings: random weights v >= 0 with E v_i = 1; the stochastic gradient is (1/n) sum v_i grad f_i.

A *sampling* is what a person asks for (`nice:3`); bound to the L_i of a problem it becomes a *law*, which draws,
enumerates, and knows E v, E[v v^T] = B 11^T + Diag(w) and from it the expected-residual constants
A = max w_i L_i / n, B, C = 2 A Delta_inf (Oikonomou & Loizou, Section 3; Gower et al. 2019).
To add a sampling, write one class with a `key`.
"""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from .constants import Array
from .errors import InputError, NotApplicable, finite, reject, whole
from .objectives.base import Indices

#: Enumerations with more outcomes than this are refused.
OUTCOME_LIMIT = 200_000


class Draw(NamedTuple):
    """One draw a row: g_v(x) = (1/n) sum_j weights[:, j] grad f_{indices[:, j]}(x)."""

    indices: Indices
    weights: Array


class Outcomes(NamedTuple):
    """Every value of a sampling: `draw` has one row an outcome, `probability` has shape (K,) and sums to 1."""

    draw: Draw
    probability: Array


class Law(ABC):
    """The distribution of v for n components. `B` and `w` are those of E[v v^T] = B 11^T + Diag(w)."""

    n: int
    B: float
    w: Array
    #: The number of outcomes that `outcomes` would give.
    count: int

    @abstractmethod
    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        """`size` independent draws, indices and weights of shape (size, m)."""

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
            raise NotApplicable(f"{self.count:.3g} outcomes: more than {limit} are not enumerated")
        return self._outcomes()

    @property
    def deterministic(self) -> bool:
        """Whether v = 1 almost surely."""
        return self.B == 1 and not self.w.any()

    def mean(self) -> Array:
        """E v, shape (n,), added up over the outcomes: unbiased exactly when every entry is 1 (where L_i > 0)."""
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


class SingleLaw(Law):
    """v = e_i / p_i with probability p_i; an index with p_i = 0 is never drawn (its f_i must be constant)."""

    def __init__(self, p: Array) -> None:
        self.n, self.p, self.B = len(p), p, 0.0
        self.possible = np.flatnonzero(p)
        self.weight = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
        self.w = self.weight
        self.count = len(self.possible)
        if self.n == 1:
            self.B, self.w = 1.0, np.zeros(1)
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
        self.n, self.tau = n, tau
        spread = max(n - 1, 1)
        self.B = n * (tau - 1) / (tau * spread) if tau < n else 1.0
        self.w = np.full(n, n * (n - tau) / (tau * spread))
        self.count = math.comb(n, tau)

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        # Floyd's algorithm, one column at a time over all draws: tau distinct indices without a permutation of n.
        indices = np.empty((size, self.tau), dtype=np.intp)
        for column, top in enumerate(range(self.n - self.tau, self.n)):
            picked = rng.integers(top + 1, size=size)
            seen = (indices[:, :column] == picked[:, None]).any(axis=1)
            indices[:, column] = np.where(seen, top, picked)
        return Draw(indices, np.full((size, self.tau), self.n / self.tau))

    def _outcomes(self) -> Outcomes:
        indices = np.array(list(itertools.combinations(range(self.n), self.tau)), dtype=np.intp)
        return Outcomes(Draw(indices, np.full(indices.shape, self.n / self.tau)), np.full(self.count, 1 / self.count))

    def largest(self, L_i: Array) -> float:
        return float(np.sort(L_i)[-self.tau :].mean())


class ReplacementLaw(Law):
    """tau independent draws with probabilities q; v is the mean of tau single draws."""

    def __init__(self, q: Array, tau: int) -> None:
        self.single, self.tau, self.n = SingleLaw(q), tau, len(q)
        self.B = 1 - 1 / tau if self.n > 1 else 1.0
        self.w = self.single.w / tau
        self.count = self.single.count**tau

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        indices, weights = self.single.draw(rng, size * self.tau)
        return Draw(indices.reshape(size, self.tau), weights.reshape(size, self.tau) / self.tau)

    def _outcomes(self) -> Outcomes:
        indices = np.array(list(itertools.product(self.single.possible, repeat=self.tau)), dtype=np.intp)
        probability = self.single.p[indices].prod(axis=1)
        return Outcomes(Draw(indices, self.single.weight[indices] / self.tau), probability)

    def largest(self, L_i: Array) -> float:
        return self.single.largest(L_i)


class IndependentLaw(Law):
    """Every i is in the batch by itself with probability p_i, and then v_i = 1/p_i."""

    def __init__(self, p: Array) -> None:
        self.n, self.p, self.B = len(p), p, 1.0
        self.w = (1 - p) / p
        self.count = 2 ** int((p < 1).sum())

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
        indices = np.argsort(~chosen, axis=1, kind="stable")[:, :width]
        weights = np.where(np.arange(width) < sizes[:, None], 1 / self.p[indices], 0.0)
        return Draw(indices, weights)


class FullLaw(Law):
    """v = 1: the gradient of f itself."""

    def __init__(self, n: int) -> None:
        self.n, self.B, self.w, self.count = n, 1.0, np.zeros(n), 1

    def draw(self, rng: np.random.Generator, size: int) -> Draw:
        return Draw(np.broadcast_to(np.arange(self.n), (size, self.n)), np.broadcast_to(1.0, (size, self.n)))

    def _outcomes(self) -> Outcomes:
        return Outcomes(Draw(np.arange(self.n)[None], np.ones((1, self.n))), np.ones(1))

    def largest(self, L_i: Array) -> float:
        return float(L_i.mean())


class Sampling(ABC):
    """A sampling as asked for, before it is bound to a problem.

    A subclass has a `key`, a one-line docstring, `parse` for the text behind the colon, `argument` for the way back,
    and `law`.
    """

    key: ClassVar[str]
    form: ClassVar[str]
    source: ClassVar[str] = "theory: Proposition 1.2"

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        """The sampling from the text behind the colon (None where there is none)."""
        if argument is not None:
            raise InputError(f"sampling={cls.key}:{argument}: {cls.key} takes no argument")
        return cls()

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        """The samplings of this kind that a sweep over a problem with n components tries."""
        return [cls()]

    @property
    def argument(self) -> str | None:
        """The text behind the colon."""
        return None

    @property
    def spec(self) -> str:
        """The text that `parse_sampling` turns into this sampling."""
        return self.key if self.argument is None else f"{self.key}:{self.argument}"

    @abstractmethod
    def law(self, L_i: Array) -> Law:
        """The distribution for a problem with component smoothness L_i, shape (n,).

        Raises
        ------
        InputError
            If the sampling does not fit n.
        """


class Full(Sampling):
    """every f_i with weight 1: the full batch"""

    key = form = "full"

    def law(self, L_i: Array) -> Law:
        return FullLaw(len(L_i))


class Uniform(Sampling):
    """one f_i, every one as likely"""

    key = form = "uniform"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls()] if n > 1 else []

    def law(self, L_i: Array) -> Law:
        return SingleLaw(np.full(len(L_i), 1 / len(L_i)))


class Importance(Sampling):
    """one f_i with probability L_i / sum L_j, weighted by 1/(n p_i)"""

    key = form = "importance"
    source = "Oikonomou & Loizou, ICLR 2025, Section 3.4"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls()] if n > 1 else []

    def law(self, L_i: Array) -> Law:
        return SingleLaw(L_i / L_i.sum())


class Single(Sampling):
    """one f_i with the probabilities of a file, one a line"""

    key = "single"
    form = "single:FILE"

    def __init__(self, p: Array, path: str = "") -> None:
        self.p, self.path = np.asarray(p, dtype=np.float64), path
        if self.p.ndim != 1 or len(self.p) == 0 or not (np.isfinite(self.p).all() and (self.p > 0).all()):
            raise InputError(f"p: {path or 'probabilities'}: every probability must be a finite number above 0")
        if abs(self.p.sum() - 1) > 1e-9:
            raise InputError(f"p: {path or 'probabilities'}: sum is {self.p.sum():.12g}: must be 1")

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        if not argument:
            raise InputError("sampling=single: a file is needed, as single:FILE")
        try:
            lines = Path(argument).read_text().split()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"sampling=single:{argument}: cannot be read ({_reason(error)})") from None
        return cls(np.array([finite("p", line, "one number a line") for line in lines]), argument)

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return []

    @property
    def argument(self) -> str:
        return self.path

    def law(self, L_i: Array) -> Law:
        if len(self.p) != len(L_i):
            raise InputError(f"p: {len(self.p)} probabilities: must be n={len(L_i)}")
        return SingleLaw(self.p / self.p.sum())


class _Minibatch(Sampling):
    """The common part of samplings with a batch size tau."""

    key = ""

    def __init__(self, tau: int) -> None:
        self.tau = whole("tau", tau, 1)

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        if argument is None:
            raise InputError(f"sampling={cls.key}: a batch size is needed, as {cls.form}")
        return cls(whole("tau", argument, 1))

    @property
    def argument(self) -> str:
        return str(self.tau)


class Nice(_Minibatch):
    """tau of n without replacement, every subset as likely, weights n/tau"""

    key = "nice"
    form = "nice:TAU"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls(2)] if n > 2 else []

    def law(self, L_i: Array) -> Law:
        if self.tau > len(L_i):
            raise reject("tau", self.tau, f"at most n={len(L_i)}")
        return NiceLaw(len(L_i), self.tau)


class Replacement(_Minibatch):
    """tau uniform draws with replacement, averaged"""

    key = "replacement"
    form = "replacement:TAU"

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls(2)] if n > 1 else []

    def law(self, L_i: Array) -> Law:
        return ReplacementLaw(np.full(len(L_i), 1 / len(L_i)), self.tau)


class Independent(Sampling):
    """every f_i by itself with probability P, weight 1/P; L_v can exceed L_max"""

    key = "independent"
    form = "independent:P"

    def __init__(self, p: float) -> None:
        self.p = finite("p", p, "a number in (0, 1]")
        if not 0 < self.p <= 1:
            raise reject("p", p, "a number in (0, 1]")

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        if argument is None:
            raise InputError("sampling=independent: a probability is needed, as independent:P")
        return cls(finite("p", argument, "a number in (0, 1]"))

    @classmethod
    def examples(cls, n: int) -> list[Sampling]:
        return [cls(0.5)] if n > 1 else []

    @property
    def argument(self) -> str:
        return f"{self.p:g}" if float(f"{self.p:g}") == self.p else repr(self.p)

    def law(self, L_i: Array) -> Law:
        return IndependentLaw(np.full(len(L_i), self.p))


def samplings() -> dict[str, type[Sampling]]:
    """Every kind of sampling by its key, in the order of definition."""
    found: dict[str, type[Sampling]] = {}
    waiting = list(Sampling.__subclasses__())
    while waiting:
        kind = waiting.pop(0)
        waiting = kind.__subclasses__() + waiting
        if kind.key:
            found[kind.key] = kind
    return found


def parse_sampling(text: str) -> Sampling:
    """The sampling that a text such as `uniform` or `nice:3` names.

    Raises
    ------
    InputError
        If there is none of that name or its argument is bad.
    """
    key, colon, argument = text.partition(":")
    kinds = samplings()
    if key not in kinds:
        raise reject("sampling", text, "one of " + ", ".join(kind.form for kind in kinds.values()))
    return kinds[key].parse(argument if colon else None)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
