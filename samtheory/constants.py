"""The numbers a theorem relies on, each with how it is known.

Symbols follow Oikonomou & Loizou (ICLR 2025): `L` is the smoothness of f, `L_max` the largest L_i, `mu` the PL
constant, `A`, `B`, `C` the expected-residual constants of E||g||^2 <= 2A(f - f_inf) + B||grad f||^2 + C.  `Lambda`,
`Lambda1`, `Lambda2` are the essential supremum, the mean and the root mean square of the smoothness L_v of the sampled
function.  `Lcal` is the expected smoothness of Gower et al. (2019), `R` the centred one of Gower, Sebbouh, Loizou
(2021), `sigma2` the gradient noise at a minimiser.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, overload

import numpy as np

from ._typing import Array
from .errors import InputError, finite, nonnegative, positive, reject

#: How a number can be known, best first.
KNOWN = ("exact", "certified", "statistical", "numerical", "claimed")

#: The vocabulary of a theorem's assumptions.
ASSUMPTIONS = {
    "smooth": "every f_i has an L_i-Lipschitz gradient",
    "PL": "||grad f||^2 >= 2 mu (f - f*)",
    "ER": "E||g||^2 <= 2A(f - f_inf) + B||grad f||^2 + C",
    "full-batch": "the stochastic gradient is the gradient of f",
    "bounded-variance": "E||g - grad f||^2 <= C with A = 0, B = 1",
    "convex": "f is convex",
    "convex-components": "every f_i is convex",
    "strongly-convex": "f - (mu/2)||x||^2 is convex, with the mu of PL",
    "interpolation": "one point minimises every f_i",
    "minimiser": "a minimiser x* of f is known",
    "ES": "E||g - g*||^2 <= 2 Lcal (f - f*), E||g - g* - grad f||^2 <= 2R (f - f*), E||g*||^2 <= sigma2, g* = g(x*)",
}

#: mu <= L and D >= mu are compared with this relative allowance for rounding.
ROUNDING = 1e-9


class Constant(float):
    """A float that remembers how it is known and where it comes from.

    Parameters
    ----------
    value : float
    known : one of `KNOWN`
    source : a formula or a reference, for people to read.
    """

    known: str
    source: str

    def __new__(cls, value: Any, known: str = "claimed", source: str = "") -> Constant:
        if known not in KNOWN:
            raise reject("known", known, "one of " + ", ".join(KNOWN))
        self = super().__new__(cls, value)
        self.known, self.source = known, source
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Constant, (float(self), self.known, self.source)


@dataclass(frozen=True)
class ComponentConstants:
    """One number for each f_i (shape (n,)), all known in the same way."""

    values: Array
    known: str = "claimed"
    source: str = ""

    def reduce(self, how: Any, source: str) -> Constant:
        """`how(values)` as a Constant known like the values themselves."""
        return Constant(how(self.values), self.known, source)


@overload
def known_as(how: str, value: float, source: str) -> Constant: ...
@overload
def known_as(how: str, value: Array, source: str) -> ComponentConstants: ...
def known_as(how: str, value: Any, source: str) -> Constant | ComponentConstants:
    """A scalar as a Constant, an array of shape (n,) as ComponentConstants."""
    if how not in KNOWN:
        raise reject("known", how, "one of " + ", ".join(KNOWN))
    if np.ndim(value) == 0:
        return Constant(value, how, source)
    return ComponentConstants(np.asarray(value, dtype=np.float64), how, source)


@overload
def exact(value: float, source: str) -> Constant: ...
@overload
def exact(value: Array, source: str) -> ComponentConstants: ...
def exact(value: Any, source: str) -> Any:
    """A number given by a closed formula, up to float64 rounding."""
    return known_as("exact", value, source)


@overload
def certified(value: float, source: str) -> Constant: ...
@overload
def certified(value: Array, source: str) -> ComponentConstants: ...
def certified(value: Any, source: str) -> Any:
    """A number that is proved to be on the safe side, rounding included."""
    return known_as("certified", value, source)


@overload
def numerical(value: float, source: str) -> Constant: ...
@overload
def numerical(value: Array, source: str) -> ComponentConstants: ...
def numerical(value: Any, source: str) -> Any:
    """The output of a floating-point solver."""
    return known_as("numerical", value, source)


@overload
def claimed(value: float, source: str = "") -> Constant: ...
@overload
def claimed(value: Array, source: str = "") -> ComponentConstants: ...
def claimed(value: Any, source: str = "") -> Any:
    """A number that is taken on somebody's word."""
    return known_as("claimed", value, source)


def weakest(parts: Iterable[Constant | ComponentConstants | None]) -> str:
    """The weakest way in which any of `parts` is known."""
    return max((part.known for part in parts if part is not None), key=KNOWN.index, default="exact")


@dataclass(frozen=True)
class ExpectedResidual:
    """E||g||^2 <= 2A(f - f_inf) + B||grad f||^2 + C at every x."""

    A: Constant
    B: Constant
    C: Constant


@dataclass(frozen=True)
class Constants:
    """Everything a theorem may use of a problem under a sampling.

    Raises
    ------
    InputError
        If a number is negative or not finite, a property lacks its numbers, `mu` > `L`, or B mu + A < mu while the
        constants are claimed to hold everywhere (no such function exists).
    """

    L: Constant
    L_max: Constant
    L_avg: Constant
    Lambda: Constant
    Lambda1: Constant
    Lambda2: Constant
    mu: Constant | None = None
    A: Constant | None = None
    B: Constant | None = None
    C: Constant | None = None
    Lcal: Constant | None = None
    R: Constant | None = None
    sigma2: Constant | None = None
    properties: frozenset[str] = frozenset({"smooth"})
    region: str = ""

    def __post_init__(self) -> None:
        for name in ("L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "mu"):
            if getattr(self, name) is not None:
                positive(name, getattr(self, name))
        for name in ("A", "B", "C", "Lcal", "R", "sigma2"):
            if getattr(self, name) is not None:
                nonnegative(name, getattr(self, name))
        unknown = self.properties - ASSUMPTIONS.keys()
        if unknown:
            raise reject("properties", ", ".join(sorted(unknown)), "among " + ", ".join(ASSUMPTIONS))
        for word, needed in (("PL", ("mu",)), ("ER", ("A", "B", "C")), ("ES", ("Lcal", "R", "sigma2"))):
            lacking = [name for name in needed if getattr(self, name) is None]
            if word in self.properties and lacking:
                raise InputError(f"properties={word}: needs " + ", ".join(lacking))
        if self.mu is None:
            return
        if self.mu > self.L * (1 + ROUNDING):
            raise InputError(f"mu={self.mu:g}: must be at most L={self.L:g} (a PL function has mu <= L)")
        everywhere = self.A is not None and self.B is not None and not self.region
        if everywhere and self.B * self.mu + self.A < self.mu * (1 - ROUNDING):  # type: ignore[operator]
            raise InputError(
                f"A={self.A:g}, B={self.B:g}: B mu + A must be at least mu={self.mu:g}"
                " (no PL function has a smaller expected residual everywhere)"
            )

    def values(self, **more: float) -> dict[str, float]:
        """The plain numbers by symbol name, and `more` beside them, for the formulas."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("properties", "region")}
        return {name: float(value) for name, value in {**named, **more}.items() if value is not None}

    @classmethod
    def from_values(cls, given: Mapping[str, float], properties: Iterable[str] = ()) -> Constants:
        """Constants from bare numbers, taken as claimed.

        `L`, `L_avg` and `Lambda` default to `L_max` (and `L_max` to `L` if only that is given), `Lambda1` and `Lambda2`
        to `Lambda`.  PL is assumed when `mu` is given, ER when A, B and C are.
        """
        allowed = {f.name for f in fields(cls)} - {"properties", "region"}
        for name in given:
            if name not in allowed:
                raise reject("constants", name, "among " + ", ".join(sorted(allowed)))
        numbers = {name: finite(name, value) for name, value in given.items()}
        if "L_max" not in numbers and "L" not in numbers:
            raise InputError("constants: L_max is missing (or L)")
        numbers.setdefault("L_max", numbers.get("L", 0.0))
        for name in ("L", "L_avg", "Lambda"):
            numbers.setdefault(name, numbers["L_max"])
        for name in ("Lambda1", "Lambda2"):
            numbers.setdefault(name, numbers["Lambda"])
        held = {"smooth", *properties}
        held |= {"PL"} if "mu" in numbers else set()
        residual = {"A", "B", "C"} & numbers.keys()
        if residual and len(residual) < 3:
            raise InputError(
                "constants: "
                + ", ".join(sorted({"A", "B", "C"} - residual))
                + " missing beside "
                + ", ".join(sorted(residual))
            )
        held |= {"ER"} if residual else set()
        held |= {"ES"} if {"Lcal", "R", "sigma2"} <= numbers.keys() else set()
        if residual and numbers["A"] == numbers["C"] == 0 and numbers["B"] == 1:
            held |= {"full-batch", "bounded-variance"}
        elif residual and numbers["A"] == 0 and numbers["B"] == 1:
            held |= {"bounded-variance"}
        constants = {name: claimed(value, "given") for name, value in numbers.items()}
        return cls(properties=frozenset(held), **constants)  # type: ignore[arg-type]
