"""Samplings as a person asks for them (`nice:3`); bound to the L_i of a problem, a sampling becomes a law.

The stochastic gradient is (1/n) sum v_i grad f_i with random weights v >= 0, E v_i = 1.  To add a sampling, write one
file in this package, with a subclass of `Sampling` that has a `key` and `outcomes`.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from samtheory._typing import Array
from samtheory.errors import InputError, no_such

from .law import Law
from .listed import ListedLaw

#: A float, a Fraction, an interval, ...
Number = Any
#: Probability of one value of v, and the (i, what it adds to v_i) that make it up; an i may occur repeatedly.
Outcome = tuple[Number, list[tuple[int, Number]]]

#: Sweeps that name no sampling leave minibatches out above this n: their outcomes are too many to enumerate.
MANY = 100


@dataclass(frozen=True)
class Sampling(ABC):
    """A sampling before it is bound to a problem: a value, equal to every sampling that draws the same v.

    A subclass has a `key`, a one-line docstring and `outcomes`, the definition of the sampling.  It may have `parse`
    for the text behind the colon, with `argument` for the way back; a `law` with closed formulas, where the outcomes
    are too many; and `searched` with `map_numbers`, where `falsify` is to choose its parameters.
    """

    key: ClassVar[str] = ""
    form: ClassVar[str] = ""
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

    @classmethod
    def searched(cls, n: int, choose: Callable[[float, float], float]) -> Sampling | None:
        """A sampling of n components for the search for counterexamples, None if there is none; the first example.

        Parameters
        ----------
        choose : (low, high) -> number between the two, for a parameter that is searched for
        """
        return next(iter(cls.examples(n)), None)

    @property
    def argument(self) -> str | None:
        """The text behind the colon."""
        return None

    @property
    def spec(self) -> str:
        """The text that `parse_sampling` turns into this sampling."""
        return self.key if self.argument is None else f"{self.key}:{self.argument}"

    @abstractmethod
    def outcomes(self, L_i: Sequence[Number], number: Callable[[Any], Number] = float) -> Iterator[Outcome]:
        """Every value of v with its probability, in any kind of number.

        Parameters
        ----------
        L_i : smoothness of the n components, in that kind of number
        number : turns an int or a float into that kind of number
        """

    def law(self, L_i: Array) -> Law:
        """The distribution for a problem with component smoothness L_i, shape (n,).

        Raises
        ------
        InputError
            If the sampling does not fit n.
        """
        return ListedLaw(len(L_i), self.outcomes(L_i.tolist()))

    def map_numbers(self, change: Callable[[float], float]) -> Self:
        """The sampling with its real parameters changed one by one."""
        return self


@lru_cache(maxsize=1)
def samplings() -> dict[str, type[Sampling]]:
    """Classes of the samplings by key, sorted.

    Examples
    --------
    >>> "nice" in samplings()
    True
    """
    package = importlib.import_module(__name__.rpartition(".")[0])
    modules = [
        importlib.import_module(f"{package.__name__}.{each.name}") for each in pkgutil.iter_modules(package.__path__)
    ]
    found = [kind for module in modules for kind in vars(module).values() if _is_kind(kind, module.__name__)]
    return {kind.key: kind for kind in sorted(found, key=lambda kind: str(kind.key))}


def _is_kind(value: object, module: str) -> bool:
    """Whether a value is a `Sampling` with a key that the module defines."""
    return isinstance(value, type) and issubclass(value, Sampling) and value.__module__ == module and bool(value.key)


def examples(n: int) -> list[Sampling]:
    """The samplings of a sweep that names none, for n components: the examples of every kind."""
    return [sampling for kind in samplings().values() for sampling in kind.examples(n)]


def parse_sampling(text: str) -> Sampling:
    """Make a sampling from a text such as `uniform` or `nice:3`.

    Parameters
    ----------
    text : KEY, or KEY:ARGUMENT

    Raises
    ------
    InputError
        If the key is unknown or the argument is bad.

    Examples
    --------
    >>> parse_sampling("nice:3")
    Nice(tau=3)
    """
    key, colon, argument = text.partition(":")
    kinds = samplings()
    if key not in kinds:
        raise no_such("sampling", text, kinds, [kind.form for kind in kinds.values()])
    return kinds[key].parse(argument if colon else None)
