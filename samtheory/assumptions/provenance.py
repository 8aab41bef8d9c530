"""Numbers with their provenance: how each is known, and its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from samtheory._typing import Array
from samtheory.errors import finite, finite_array, float_array, reject

#: How a number can be known, the strongest first.
PROVENANCE = {
    "exact": "given by a closed formula, up to float64 rounding",
    "certified": "proved to be on the safe side, rounding included",
    "numerical": "the output of a floating-point solver or of a search",
    "statistical": "estimated from samples",
    "claimed": "taken on somebody's word",
    "assumed": "not given: another number stands in its place",
}
_RANK = tuple(PROVENANCE)


def _checked(provenance: str) -> str:
    if provenance not in PROVENANCE:
        raise reject("provenance", provenance, "one of " + ", ".join(PROVENANCE))
    return provenance


class Constant(float):
    """A float with its provenance.

    Parameters
    ----------
    value : float
    provenance : a key of `PROVENANCE`
    source : a formula or a reference, for people to read.
    """

    provenance: str
    source: str

    def __new__(cls, value: Any, provenance: str = "claimed", source: str = "") -> Constant:
        self = super().__new__(cls, value)
        self.provenance, self.source = _checked(provenance), source
        return self

    def plus(self, value: float, source: str) -> Constant:
        """The sum with an exact number, with `source` before the source of this one."""
        return labelled("exact", Constant(self + value, self.provenance, self.source), source)

    def __reduce__(self) -> tuple[Any, ...]:
        return Constant, (float(self), self.provenance, self.source)


@dataclass(frozen=True)
class ComponentConstants:
    """One number for each f_i, shape (n,), all of the same provenance."""

    values: Array
    provenance: str = "claimed"
    source: str = ""

    def __post_init__(self) -> None:
        _checked(self.provenance)

    def reduce(self, how: Callable[[Array], Any], source: str) -> Constant:
        """`how(values)` as a Constant of the same provenance."""
        return Constant(how(self.values), self.provenance, source)


@overload
def labelled(provenance: str, value: float, source: str) -> Constant: ...
@overload
def labelled(provenance: str, value: Array, source: str) -> ComponentConstants: ...
def labelled(provenance: str, value: Any, source: str) -> Constant | ComponentConstants:
    """A scalar as a Constant, an array of shape (n,) as ComponentConstants; a Constant keeps a weaker provenance."""
    if isinstance(value, Constant):
        known = weakest([Constant(value, provenance), value])
        return Constant(value, known, "; ".join(filter(None, [source, value.source])))
    if np.ndim(value) == 0:
        return Constant(value, provenance, source)
    return ComponentConstants(float_array("constant", value, "numbers of shape (n,)"), provenance, source)


@overload
def exact(value: float, source: str) -> Constant: ...
@overload
def exact(value: Array, source: str) -> ComponentConstants: ...
def exact(value: Any, source: str) -> Any:
    """A number given by a closed formula, up to float64 rounding.

    Parameters
    ----------
    value : a number, or one for each component, shape (n,)
    source : where the number comes from

    Examples
    --------
    >>> exact(2.0, "h").provenance
    'exact'
    """
    return labelled("exact", value, source)


@overload
def certified(value: float, source: str) -> Constant: ...
@overload
def certified(value: Array, source: str) -> ComponentConstants: ...
def certified(value: Any, source: str) -> Any:
    """A number that is proved to be on the safe side, rounding included.

    Parameters
    ----------
    value : a number, or one for each component, shape (n,)
    source : where the number comes from

    Examples
    --------
    >>> certified(2.0, "interval arithmetic").source
    'interval arithmetic'
    """
    return labelled("certified", value, source)


@overload
def numerical(value: float, source: str) -> Constant: ...
@overload
def numerical(value: Array, source: str) -> ComponentConstants: ...
def numerical(value: Any, source: str) -> Any:
    """The output of a floating-point solver.

    Parameters
    ----------
    value : a number, or one for each component, shape (n,)
    source : where the number comes from

    Examples
    --------
    >>> float(numerical(2.0, "eigvalsh"))
    2.0
    """
    return labelled("numerical", value, source)


@overload
def claimed(value: float, source: str = "") -> Constant: ...
@overload
def claimed(value: Array, source: str = "") -> ComponentConstants: ...
def claimed(value: Any, source: str = "") -> Any:
    """A number that is taken on somebody's word.

    Parameters
    ----------
    value : a number, or one for each component, shape (n,)
    source : where the number comes from

    Examples
    --------
    >>> claimed(2.0).provenance
    'claimed'
    """
    return labelled("claimed", value, source)


def as_constant(name: str, value: Any) -> Constant:
    """A finite Constant; a plain number counts as claimed.

    Raises
    ------
    InputError
        If `value` is no finite number.
    """
    number = finite(name, value)
    return value if isinstance(value, Constant) else Constant(number, "claimed", "given")


def as_components(name: str, value: Any, n: int) -> ComponentConstants:
    """Finite constants of n components; plain numbers of shape (n,) count as claimed.

    Raises
    ------
    InputError
        If `value` is not n finite numbers.
    """
    known = isinstance(value, ComponentConstants)
    numbers = finite_array(name, value.values if known else value, (n,))
    return value if known else ComponentConstants(numbers, "claimed", "given")


def weakest(parts: Iterable[Constant | ComponentConstants | None]) -> str:
    """The weakest provenance of `parts`."""
    return max((part.provenance for part in parts if part is not None), key=_RANK.index, default="exact")
