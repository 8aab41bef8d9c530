"""Samplings as a person asks for them (`nice:3`); bound to the L_i of a problem, a sampling becomes a law.

The stochastic gradient is (1/n) sum v_i grad f_i with random weights v >= 0, E v_i = 1; the laws of v are in `laws`.
To add a sampling, write one class with a `key`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError, finite, no_such, reject, whole
from samtheory.io import files

from .laws import OUTCOME_LIMIT, Draw, FullLaw, IndependentLaw, Law, NiceLaw, Outcomes, ReplacementLaw, SingleLaw

__all__ = [
    "OUTCOME_LIMIT",
    "Draw",
    "Full",
    "FullLaw",
    "Importance",
    "Independent",
    "IndependentLaw",
    "Law",
    "Nice",
    "NiceLaw",
    "Outcomes",
    "Replacement",
    "ReplacementLaw",
    "Sampling",
    "Single",
    "SingleLaw",
    "Uniform",
    "parse_sampling",
    "samplings",
]


#: Sweeps that name no sampling leave minibatches out above this n: their outcomes are too many to enumerate.
MANY = 100


class Sampling(ABC):
    """A sampling as asked for, before it is bound to a problem.

    A subclass has a `key`, a one-line docstring, `parse` for the text behind the colon, `argument` for the way back,
    and `law`.
    """

    key: ClassVar[str]
    form: ClassVar[str]
    source: ClassVar[str] = "Gower et al. 2019, arbitrary sampling; constants re-derived"

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
        if not L_i.any():
            raise InputError("L_i: all 0: importance sampling needs one above 0")
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
            lines = files.content(argument).decode().split()
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
        return [cls(2)] if 2 < n <= MANY else []

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
        return [cls(2)] if 1 < n <= MANY else []

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
        return [cls(0.5)] if 1 < n <= MANY else []

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
        raise no_such("sampling", text, kinds, [kind.form for kind in kinds.values()])
    return kinds[key].parse(argument if colon else None)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
