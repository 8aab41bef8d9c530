"""A small finite sum under a sampling, with its constants: what `falsify` tries a theorem on.

Every formula is written once for floats, rationals and intervals.  0 is a minimiser of f, f(0) = f_i(0) = 0.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, NamedTuple, Self

from .arithmetic import Kit, Number
from .laws import Weights

Point = tuple[Number, ...]
Triple = tuple[Number, Number, Number]


class Card(NamedTuple):
    """Constants on the safe side: L_i, L, f_i_inf and f_inf are bounds, mu a lower one.

    Attributes
    ----------
    mu : None where f is not PL
    f_i_inf : None where some f_i is unbounded below
    """

    L_i: Sequence[Number]
    L: Number
    mu: Number | None
    f_inf: Number
    f_i_inf: Sequence[Number] | None
    properties: frozenset[str]


class NotThere(Exception):
    """No such instance: the numbers that were tried describe a function without the constants asked for."""


@dataclass(frozen=True)
class Instance(ABC):
    """A finite sum and the law of v.

    Attributes
    ----------
    weights : the law
    sharpness : (share, slack) of the sharp expected residual, see `residual`; None for the textbook's
    """

    weights: Weights
    sharpness: tuple[Number, Number] | None

    family: ClassVar[str]

    @property
    def n(self) -> int:
        """The number of components."""
        return self.weights.n

    @property
    @abstractmethod
    def d(self) -> int:
        """The dimension."""

    @abstractmethod
    def gradients(self, x: Point, kit: Kit) -> list[Point]:
        """grad f_i(x) for every i."""

    @abstractmethod
    def value(self, x: Point, kit: Kit) -> Number:
        """f(x)."""

    @abstractmethod
    def card(self, kit: Kit) -> Card:
        """The constants.

        Raises
        ------
        NotThere
            If f is unbounded below.
        """

    @abstractmethod
    def sharp(self, kit: Kit, share: Number, slack: Number) -> Triple:
        """(A, B, C) with B = share of the largest B that leaves A = 0, A = (1 + slack) of the least A, the least C.

        Raises
        ------
        NotThere
            If no C is finite.
        """

    @abstractmethod
    def source(self) -> str:
        """The body of the problem file: from `import numpy` to where `f` is defined."""

    def mapped(self, change: Callable[[Number], Number]) -> Self:
        """The same instance with every number that it is made of changed."""
        given = {each.name: _mapped(getattr(self, each.name), change) for each in fields(self)}
        return replace(self, **given)

    def within(self, kit: Kit) -> Self:
        """The same instance in other numbers."""
        return self.mapped(kit.number)

    def settled(self, L_i: Sequence[Number]) -> Self:
        """The same instance with the p_i = L_i / sum L_j of importance sampling filled in."""
        if self.weights.kind != "importance":
            return self
        p = tuple(each / sum(L_i) for each in L_i[:-1])
        return replace(self, weights=replace(self.weights, p=p))

    def simpler(self) -> list[Self]:
        """Instances with fewer parts, the simplest first."""
        return []

    def residual(self, kit: Kit, card: Card) -> Triple:
        """(A, B, C): the sharp one where asked for, else A = max w_i L_i/n, B, C = 2A (f_inf - mean f_i_inf)."""
        one = kit.number(1)
        if self.weights.deterministic:
            return 0 * one, one, 0 * one
        if self.sharpness is not None:
            return self.sharp(kit, *self.sharpness)
        if card.f_i_inf is None:
            raise NotThere
        B, w = self.weights.moments(kit)
        A = max(w_i * L_i for w_i, L_i in zip(w, card.L_i, strict=True)) / self.n
        return A, B, 2 * A * (card.f_inf - sum(card.f_i_inf) / self.n)


def _mapped(value: Any, change: Callable[[Number], Number]) -> Any:
    if isinstance(value, tuple):
        return tuple(_mapped(each, change) for each in value)
    if isinstance(value, Weights):
        return replace(value, p=_mapped(value.p, change))
    return value if value is None else change(value)


def mean(vectors: Sequence[Point]) -> Point:
    """The mean of vectors."""
    return tuple(sum(parts) / len(vectors) for parts in zip(*vectors, strict=True))


def squared(vector: Point) -> Number:
    """||vector||^2."""
    return sum(part * part for part in vector)


def moved(x: Point, by: Number, along: Point) -> Point:
    """x + by along."""
    return tuple(part + by * step for part, step in zip(x, along, strict=True))
