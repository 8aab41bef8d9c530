"""The value of an expression at a point, quickly: where two sides differ there they are not equal.

Equality is looked at modulo the prime 2^61 - 1: an identity of exact expressions is one there too.  A symbol is a
square, so that a root is the one that is a square itself, and roots of products are products of roots.  Signs are
looked at in floating point; they only spare the attempt to prove what is false.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import Any

import sympy as sp

from ..language.terms import MEANING

P = 2**61 - 1
#: gap, and (m, gap of the fact) of each premise.
Obligation = tuple[sp.Expr, list[tuple[sp.Expr, sp.Expr]]]
#: Points that are looked at: not all roots exist everywhere.
POINTS = 16


class Undecided(Exception):
    """There is no value at this point."""


class Residues:
    """Numbers modulo P."""

    def number(self, value: Fraction) -> int:
        """A rational number."""
        return value.numerator * pow(value.denominator, -1, P) % P

    def power(self, base: int, exponent: Fraction) -> int:
        """base^exponent, for halves of whole exponents."""
        if exponent.denominator > 2 or base % P == 0:
            raise Undecided
        if exponent.denominator == 2:
            square, base = base, pow(base, (P + 1) // 4, P)
            if base * base % P != square % P:
                raise Undecided
        return pow(base, exponent.numerator, P)

    def atom(self, key: str, seed: int) -> int:
        """A square that belongs to a symbol."""
        return pow(digest(key, seed), 2, P)

    def extreme(self, kind: str, values: list[int], seed: int) -> int:
        """A maximum or minimum, of which nothing is known but its numbers."""
        return self.atom(f"{kind} {sorted(value % P for value in values)}", seed)


class Floats:
    """Floating-point numbers."""

    def number(self, value: Fraction) -> float:
        """A rational number."""
        return float(value)

    def power(self, base: float, exponent: Fraction) -> float:
        """base^exponent."""
        if base <= 0 and (exponent.denominator > 1 or exponent < 0):
            raise Undecided
        return float(base**exponent.numerator if exponent.denominator == 1 else base ** float(exponent))

    def atom(self, key: str, seed: int) -> float:
        """A positive number that belongs to a symbol."""
        return math.exp(digest(key, seed) / P * 6 - 3)

    def extreme(self, kind: str, values: list[float], seed: int) -> float:
        """The maximum or minimum."""
        return max(values) if kind == "Max" else min(values)


def digest(key: str, seed: int) -> int:
    """A number that belongs to a key."""
    return int.from_bytes(hashlib.blake2b(f"{key} {seed}".encode(), digest_size=8).digest()) % P + 1


class Point:
    """The values of all expressions at the point number `seed`; `shared` keeps those that depend on no changed name."""

    def __init__(self, field: Any, seed: int) -> None:
        self.field, self.seed, self.known = field, seed, dict[Any, Any]()

    def value(self, x: Any) -> Any:
        """The value of an expression."""
        if x not in self.known:
            self.known[x] = self.found(x)
        return self.known[x]

    def found(self, x: Any) -> Any:
        """The value, from those of the parts."""
        if x.is_Rational:
            return self.field.number(Fraction(int(x.p), int(x.q)))
        if x in MEANING:
            return self.value(MEANING[x])
        if x.is_Add:
            return sum(map(self.value, x.args))
        if x.is_Mul:
            product = self.value(x.args[0])
            for part in x.args[1:]:
                product = product * self.value(part) % P if isinstance(product, int) else product * self.value(part)
            return product
        if x.is_Pow:
            return self.field.power(self.value(x.base), exponent(x.exp, self.seed))
        if isinstance(x, (sp.Max, sp.Min)):
            return self.field.extreme(x.func.__name__, list(map(self.value, x.args)), self.seed)
        if x.is_Symbol and x.is_integer:
            return self.field.number(exponent(x, self.seed))
        return self.field.atom(str(x), self.seed)

    def parts(self, obligation: Obligation) -> list[Any]:
        """gap and -m * gap_k, which add up to what an identity leaves."""
        gap, by = obligation
        return [self.value(gap), *(-self.value(m) * self.value(each) for m, each in by)]


@cache
def exponent(x: sp.Expr, seed: int) -> Fraction:
    """The value of an expression in times, which are small whole numbers."""
    if not x.is_Rational:
        x = x.subs({symbol: digest(symbol.name, seed) % 4 + 2 for symbol in x.free_symbols})
    if not x.is_Rational:
        raise Undecided
    return Fraction(int(x.p), int(x.q))


SHARED = {field: [Point(field(), seed) for seed in range(POINTS)] for field in (Residues, Floats)}


def values(field: Any, obligation: Obligation) -> Iterator[list[Any]]:
    """The parts at the points where they have values."""
    for point in SHARED[field]:
        try:
            yield point.parts(obligation)
        except (Undecided, OverflowError, ZeroDivisionError):
            continue


def is_zero(obligation: Obligation) -> bool:
    """Whether nothing shows that a residual is not 0, at two points."""
    return all(sum(parts) % P == 0 for parts in islice(values(Residues, obligation), 2))


def is_negative(obligation: Obligation) -> bool:
    """Whether a residual looks negative somewhere."""
    return any(sum(parts) < -1e-9 * sum(map(abs, parts)) for parts in values(Floats, obligation))
