"""Vectors by their inner products: ||v||^2 of a combination of named vectors is a polynomial in those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

#: Symbols that depend on the draw.
RANDOM: set[sp.Symbol] = set()
#: Norms, and other symbols and functions that are not negative by what they stand for.
NONNEGATIVE: set[Any] = set()

#: The named vectors of the norms and inner products.
OF: dict[sp.Symbol, tuple[Named, ...]] = {}


def number(name: str, drawn: bool = False, nonnegative: bool = False) -> sp.Symbol:
    """A real number; `drawn` if it depends on the draw."""
    symbol = sp.Symbol(name, nonnegative=True) if nonnegative else sp.Symbol(name, real=True)
    if drawn:
        RANDOM.add(symbol)
    if nonnegative:
        NONNEGATIVE.add(symbol)
    return symbol


def function(name: str) -> Any:
    """A function of the time that is not negative."""
    found = sp.Function(name, nonnegative=True)
    NONNEGATIVE.add(found)
    return found


class Vector:
    """A linear combination of named vectors: coefficients by name."""

    def __init__(self, parts: Mapping[Named, Any]) -> None:
        self.parts = {each: coefficient for each, coefficient in parts.items() if coefficient != 0}

    def __add__(self, other: Vector) -> Vector:
        names = {**self.parts, **other.parts}
        return Vector({each: self.parts.get(each, 0) + other.parts.get(each, 0) for each in names})

    def __sub__(self, other: Vector) -> Vector:
        return self + (-other)

    def __neg__(self) -> Vector:
        return Vector({each: -coefficient for each, coefficient in self.parts.items()})

    def __rmul__(self, number: Any) -> Vector:
        return Vector({each: number * coefficient for each, coefficient in self.parts.items()})

    def __truediv__(self, number: Any) -> Vector:
        return Vector({each: coefficient / sp.sympify(number) for each, coefficient in self.parts.items()})

    @property
    def norm2(self) -> sp.Expr:
        """The inner product with itself."""
        return dot(self, self)


class Named:
    """A vector with a name, and with a norm of its own."""

    def __init__(self, name: str, random: bool) -> None:
        self.name, self.random = name, random
        self.norm = number(f"‖{name}‖", drawn=random, nonnegative=True)
        OF[self.norm] = (self,)


def vector(name: str, random: bool = False) -> Vector:
    """A named vector; `random` if it depends on the draw."""
    return Vector({Named(name, random): sp.Integer(1)})


def norm(v: Vector) -> sp.Symbol:
    """The norm of a named vector, or of its opposite."""
    ((named, coefficient),) = v.parts.items()
    if coefficient not in (1, -1):
        raise ValueError(f"{named.name}: the norm of a multiple has no name")
    return named.norm


def dot(v: Vector, w: Vector) -> sp.Expr:
    """The inner product, bilinear in the named vectors."""
    return sp.Add(*(p * q * _inner(x, y) for x, p in v.parts.items() for y, q in w.parts.items()))


def _inner(x: Named, y: Named) -> sp.Expr:
    if x is y:
        return x.norm**2
    first, second = sorted((x.name, y.name), key=lambda name: (not name.startswith("∇"), name))
    product = number(f"⟨{first}, {second}⟩", drawn=x.random or y.random)
    OF[product] = x, y
    return product


def involves(symbol: sp.Symbol, v: Vector) -> bool:
    """Whether a symbol is a norm or an inner product of a named vector."""
    return any(named in v.parts for named in OF.get(symbol, ()))
