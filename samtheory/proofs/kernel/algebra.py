"""Identities, signs and definedness: read off the form of an expression, never sampled."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy.core.function import AppliedUndef

from ..language.terms import MEANING, E, require, spelt_out
from .facts import Fact, said

#: Expressions that are not negative; True for those that are positive.
Known = dict[sp.Expr, bool]


def fraction(x: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Numerator, expanded, and common denominator; powers are split, b^(u+v) = b^u b^v for b != 0."""
    parts = sp.expand(x, force=True, mul=False, multinomial=False, power_base=False, log=False, basic=False)
    top, bottom = sp.fraction(sp.together(parts))
    return sp.expand(top), bottom


def same(x: sp.Expr, y: sp.Expr) -> bool:
    """Whether two expressions are equal."""
    return bool(x == y or sp.expand(x - y) == 0 or fraction(spelt_out(x - y))[0] == 0)


def known_of(signs: Iterable[Fact]) -> Known:
    """What facts say of signs."""
    gaps = [(rhs - lhs, relation == "<") for lhs, relation, rhs, *_ in map(said, signs) if relation != "="]
    return {form: firm for x, firm in gaps for form in (x, spelt_out(x), sp.expand(spelt_out(x)))}


def nonnegative(x: sp.Expr, known: Known, strict: bool = False) -> bool:
    """Whether x >= 0 (x > 0 if strict) by its form: sums and products of what is known, and even powers."""
    if x in known and (known[x] or not strict):
        return True
    if x in MEANING:
        return nonnegative(MEANING[x], known, strict)
    if x.is_number or x.is_Symbol or (x.is_Function and x.func != E and type(x) not in (sp.Max, sp.Min, sp.exp)):
        return bool(x.is_positive if strict else x.is_nonnegative)

    def parts(strict: bool = False) -> list[bool]:
        return [nonnegative(part, known, strict) for part in x.args]

    if x.is_Add:
        found = all(parts()) and (not strict or any(parts(strict=True)))
        return found or any(multiple(x, each) for each in known if each.is_Add and (known[each] or not strict))
    if x.is_Mul or isinstance(x, sp.Min):
        return all(parts(strict))
    if isinstance(x, sp.Max):
        return any(parts(strict))
    if x.is_Pow:
        even = x.exp.is_integer and x.exp.is_even and not strict
        return bool(even) or nonnegative(x.base, known, strict)
    return isinstance(x, sp.exp) or (x.func == E and not strict and nonnegative(x.args[0], {}))


def multiple(x: sp.Expr, y: sp.Expr) -> bool:
    """Whether x is a positive rational multiple of y."""
    ratio = sp.cancel(x / y) if x.free_symbols == y.free_symbols else sp.Integer(0)
    return bool(ratio.is_Rational and ratio > 0)


def defined(name: str, x: sp.Expr, known: Known) -> None:
    """Raise Flaw if something is divided by what may be 0, or a root or logarithm is taken of what may be negative."""
    for each in (call for call in x.atoms(AppliedUndef) if call.func == E and known):
        defined(name, each.args[0], {})  # for every draw
    for power in x.atoms(sp.Pow, sp.log):
        base, exponent = (power.args[0], sp.Rational(-1, 2)) if isinstance(power, sp.log) else power.args
        strict = not exponent.is_nonnegative
        good = (exponent.is_integer and not strict) or nonnegative(base, known, strict)
        require(good, name, "nothing says that {} is defined", power)
    for named in x.free_symbols & MEANING.keys():
        defined(name, MEANING[named], known)


def follows(name: str, difference: sp.Expr, relation: str, by: Iterable[tuple[sp.Expr, Fact]], known: Known,
            iff: bool = False) -> None:  # fmt: skip
    """Raise Flaw unless difference = sum of m * gap, no m of an inequality negative, which gives the relation."""
    unequal, left = [], difference
    for m, fact in by:
        lhs, of, rhs, *_ = said(fact)
        left -= m * (rhs - lhs)
        defined(name, m, known)
        if of != "=":
            require(nonnegative(m, known), name, "nothing says that the multiplier {} is not negative", m)
            unequal.append((m, of))
    firm = any(of == "<" and nonnegative(m, known, True) for m, of in unequal)
    weak = (relation == "=" and unequal) or (relation == "<" and not firm)
    require(not weak, name, f"{relation} does not follow from inequalities of this kind")
    both = not iff or (len(unequal) == 1 and nonnegative(unequal[0][0], known, True))
    require(both, name, "equivalent to one inequality, with a positive multiplier, only")
    rest = sp.expand(left)
    rest = rest if rest == 0 else fraction(spelt_out(rest))[0]
    require(rest == 0, name, "the two sides differ by {}", rest)
