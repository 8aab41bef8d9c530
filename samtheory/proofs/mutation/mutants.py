"""Mutants of a proof: every number, exponent, sign and symbol changed, every hypothesis and premise dropped.

A mutant is *rejected* if some rule does not apply any more.  It is *weaker* if every step still closes up to a
remainder that is not negative by its form, where the step is an inequality: less is claimed, so it is still true.  An
equivalence or an identity has no remainder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import sympy as sp
from sympy.core.function import AppliedUndef

from ..kernel.facts import Fact
from ..kernel.rules import NOT_CONSTANT, ONE, SELF
from ..language.terms import MEANING
from ..proof import Proof, arguments, word

FACTORS = tuple(map(sp.Rational, ("1/2", "9/10", "11/10", "2")))
#: Rules whose facts are not changed by themselves.
LEAVES = ("sign", "positive_one", "shares", "recursion", "_substituted")

#: What can be changed: a name, the sign of a symbol, or a fact.
Site: TypeAlias = sp.Symbol | Fact
#: What is put in the place of what.
Change: TypeAlias = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes
    ----------
    what : in words, or what is put in the place of what
    fact, arguments : the fact that is changed, and the arguments of its rule that are; "dropped" for 0 <= 0
    name, meaning : the name whose formula is changed, and what it becomes
    sign : the symbol whose sign is not known any more
    exact : whether only an identity counts, as for a multiplier
    """

    what: str | Change
    fact: Fact | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    name: sp.Symbol | None = None
    meaning: sp.Expr | None = None
    sign: sp.Symbol | None = None
    exact: bool = False


def changed(expression: sp.Expr, symbols: tuple[sp.Expr, ...]) -> Iterator[tuple[Change, sp.Expr]]:
    """The changes of one thing in an expression, and what becomes of the expression."""
    for new in instead(expression, symbols):
        yield (expression, new), new
    if expression.is_Pow:
        yield from ((change, new**expression.exp) for change, new in changed(expression.base, symbols))
    elif not isinstance(expression, AppliedUndef):
        for i, part in enumerate(expression.args):
            before, after = expression.args[:i], expression.args[i + 1 :]
            for change, new in changed(part, symbols):
                yield change, expression.func(*before, new, *after, **as_written(expression))


def as_written(expression: sp.Expr) -> dict[str, bool]:
    """How to build an expression of this kind: a maximum without looking which number is larger, which takes long."""
    return {"evaluate": False} if isinstance(expression, (sp.Max, sp.Min)) else {}


def instead(x: sp.Expr, symbols: tuple[sp.Expr, ...]) -> Iterator[sp.Expr]:
    """Other factors, exponents and signs, and other symbols for a symbol."""
    yield from (factor * x for factor in FACTORS)
    yield -x
    if x.is_Pow:
        yield from (x.base ** (x.exp + 1), x.base ** (x.exp - 1))
    elif x.is_Symbol or isinstance(x, AppliedUndef):
        yield from (x**2, sp.Integer(1))
        yield from (other for other in symbols if other != x)


def atoms(*expressions: sp.Expr) -> tuple[sp.Expr, ...]:
    """The symbols and functions of the time in some expressions."""
    found = set().union(*(each.atoms(sp.Symbol, AppliedUndef) for each in expressions))
    inner = set().union(*(each.free_symbols for each in found if isinstance(each, AppliedUndef)))
    return tuple(sorted(found - inner, key=str))


def sites(proof: Proof) -> list[Site]:
    """What can be changed in a proof: its names, the signs of its symbols, and its facts."""
    facts = [fact for fact in proof.facts if fact.rule not in LEAVES and fact is not NOT_CONSTANT]
    used = set().union(*(fact.gap.free_symbols for fact in facts)) - MEANING.keys()
    signed = [each for each in used if each.is_nonnegative and not each.is_integer]
    return [*proof.names, *sorted(signed, key=str), *facts]


def mutants(site: Site) -> Iterator[Mutant]:
    """All changes of a site."""
    if isinstance(site, sp.Symbol):
        if site not in MEANING:
            yield Mutant("dropped", sign=site)
            return
        meaning = MEANING[site]
        for change, new in distinct(meaning, atoms(meaning)):
            yield Mutant(change, name=site, meaning=new)
        return
    if word(site) is not None:
        yield Mutant("dropped", site, {"dropped": True})
    if word(site) is not None or site.rule in ("step", "induction"):
        yield from of_statement(site)
    of = arguments(site)
    if site.rule == "square" and isinstance(of["root"], sp.Expr):
        for change, new in distinct(of["root"], atoms(of["root"])):
            yield Mutant(change, site, {"root": new}, exact=True)
    if site.rule in ("step", "induction"):
        yield from of_certificate(site, of)
        for sign in of["signs"]:
            kept = tuple(each for each in of["signs"] if each is not sign)
            yield Mutant(f"not knowing that {sign.name}", site, {"signs": kept}, exact=True)
    elif word(site) is None and site.rule != "square":
        for fact in dict.fromkeys(site.premises):
            if fact.lhs != fact.rhs:
                yield Mutant(f"without {fact.name}", site, {"without": fact}, exact=True)


def of_statement(fact: Fact) -> Iterator[Mutant]:
    """Changes of what a fact says."""
    symbols = atoms(fact.lhs, fact.rhs)
    for side in ("lhs", "rhs"):
        for change, new in distinct(getattr(fact, side), symbols):
            yield Mutant(change, fact, {side: new})
    if fact.relation != "=" and fact.lhs != fact.rhs:
        yield Mutant("the other way round", fact, {"lhs": fact.rhs, "rhs": fact.lhs})


def of_certificate(fact: Fact, of: Mapping[str, Any]) -> Iterator[Mutant]:
    """Changes of the multipliers of a step, and premises left out."""
    for part in ("by", "base") if fact.rule == "induction" else ("by",):
        by = {premise: sp.sympify(m) for premise, m in (of[part] or {}).items()}
        for premise, multiplier in by.items():
            rest = {each: m for each, m in by.items() if each is not premise}
            yield Mutant(f"without {premise.name}", fact, {part: rest}, exact=True)
            if premise is ONE or premise is SELF or premise.lhs != premise.rhs:
                for change, new in distinct(multiplier, atoms(multiplier)):
                    again = {each: new if each is premise else m for each, m in by.items()}
                    yield Mutant(change, fact, {part: again}, exact=True)


def distinct(expression: sp.Expr, symbols: tuple[sp.Expr, ...]) -> Iterator[tuple[Change, sp.Expr]]:
    """The changes of an expression, each result once."""
    seen = {expression}
    for change, new in changed(expression, symbols):
        if new not in seen and not new.has(sp.zoo, sp.nan, sp.oo):
            seen.add(new)
            yield change, new
