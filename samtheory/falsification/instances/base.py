"""A small finite sum under a sampling, with its constants: the functions on which `falsify` tries a theorem.

Every formula is written once for floats, rationals and intervals.  0 is a minimiser of f, f(0) = f_i(0) = 0.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, NamedTuple, Self

from samtheory.sampling.base import Sampling

from .arithmetic import Number, NumberType
from .finite_law import Chosen, FiniteLaw

Point = tuple[Number, ...]
Triple = tuple[Number, Number, Number]


class CertifiedConstants(NamedTuple):
    """Constants on the safe side: upper bounds L_i and L, lower bounds mu, f_i_inf and f_inf.

    Attributes
    ----------
    mu : None where f is not PL
    f_i_inf : None where some f_i is unbounded below
    words : the properties that the family decides, with whether they hold
    """

    L_i: Sequence[Number]
    L: Number
    mu: Number | None
    f_inf: Number
    f_i_inf: Sequence[Number] | None
    words: Mapping[str, bool]


class InfeasibleInstance(Exception):
    """The numbers describe a function without the constants asked for, or steps outside the theorem's limits."""


@dataclass(frozen=True)
class Instance(ABC):
    """A finite sum and a sampling of its components.

    Attributes
    ----------
    sampling : the sampling
    sharpness : (share, slack) of the sharp expected residual, see `sharp`; None for the textbook's
    """

    sampling: Sampling
    sharpness: tuple[Number, Number] | None

    family: ClassVar[str]

    @property
    @abstractmethod
    def n(self) -> int:
        """The number of components."""

    @property
    @abstractmethod
    def d(self) -> int:
        """The dimension."""

    @abstractmethod
    def gradients(self, x: Point, kind: NumberType) -> list[Point]:
        """grad f_i(x) for every i."""

    @abstractmethod
    def value(self, x: Point, kind: NumberType) -> Number:
        """f(x)."""

    @abstractmethod
    def values(self, x: Point, kind: NumberType) -> list[Number]:
        """f_i(x) for every i."""

    @abstractmethod
    def constants(self, kind: NumberType) -> CertifiedConstants:
        """The constants that no sampling has a part in.

        Raises
        ------
        InfeasibleInstance
            If f is unbounded below.
        """

    @abstractmethod
    def sharp(self, law: FiniteLaw, share: Number, slack: Number) -> Triple:
        """(A, B, C) with B = share of the largest B that leaves A = 0, A = (1 + slack) of the least A, the least C.

        Raises
        ------
        InfeasibleInstance
            If no C is finite.
        """

    @abstractmethod
    def source(self) -> str:
        """The body of the problem file: from `import numpy` to the definition of `f`."""

    def map_numbers(self, change: Callable[[Number], Number]) -> Self:
        """The same instance with each of its numbers changed, those of the sampling included."""
        return self._mapped(change, self.sampling.map_numbers(change))

    def in_arithmetic(self, kind: NumberType) -> Self:
        """The same instance in another kind of number; the sampling lists its outcomes in every kind."""
        return self._mapped(kind.number, self.sampling)

    def _mapped(self, change: Callable[[Number], Number], sampling: Sampling) -> Self:
        own = [each.name for each in fields(self) if each.name != "sampling"]
        return replace(self, sampling=sampling, **{name: _mapped(getattr(self, name), change) for name in own})

    def simpler(self) -> list[Self]:
        """Instances with fewer parts, the simplest first."""
        return []

    def own(self, law: FiniteLaw) -> dict[str, Number]:
        """The constants under the sampling that are not derived: A, B and C where the sharp ones are asked for.

        Raises
        ------
        InfeasibleInstance
            If there are none.
        """
        if self.sharpness is None or law.deterministic:
            return {}
        return dict(zip("ABC", self.sharp(law, *self.sharpness), strict=True))

    def landmarks(self) -> Iterable[Number]:
        """Places in one dimension where the function changes."""
        return ()

    def nonnegative(self, q: Callable[[Point], Number]) -> bool | None:
        """Whether q >= 0 everywhere, by rational arithmetic; None if q is not quadratic on each piece."""
        return None


def _mapped(value: Any, change: Callable[[Number], Number]) -> Any:
    if isinstance(value, tuple):
        return tuple(_mapped(each, change) for each in value)
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


def weighted(gradients: Sequence[Point], chosen: Chosen) -> Point:
    """(1/n) sum v_i grad f_i."""
    if not chosen:
        return tuple(0 * part for part in gradients[0])
    (i, v), *more = chosen
    n = len(gradients)
    total = tuple(v / n * part for part in gradients[i])
    for i, v in more:
        total = moved(total, v / n, gradients[i])
    return total
