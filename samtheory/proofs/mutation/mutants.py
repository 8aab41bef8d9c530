"""Teeth: every number, exponent, sign and symbol of a proof is changed, every hypothesis and premise dropped.

A change is *rejected* if some step does not close any more.  It is *weaker* if every step still closes up to a
remainder that is not negative by its form, where the step is an inequality: less is claimed, so it is still true.  An
equivalence or an identity has no remainder to give away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sympy as sp
from sympy.core.function import AppliedUndef

from ..kernel.facts import MEANING, ONE, SELF, Fact, Hypothesis, Induction, Lemma, Square, Step
from ..kernel.proof import Proof
from ..kernel.symbols import SIGNS

FACTORS = tuple(map(sp.Rational, ("1/2", "9/10", "11/10", "2")))

#: What becomes of a fact that is dropped: 0 <= 0.
NOTHING: dict[str, Any] = {"lhs": sp.Integer(0), "relation": "<=", "rhs": sp.Integer(0)}

#: What can be changed: what a name stands for, or a fact.
Place: TypeAlias = sp.Symbol | Fact
#: What is put in the place of what.
Change: TypeAlias = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True)
class Mutant:
    """One change: of a fact, or of what a name stands for.

    Attributes
    ----------
    what : in words, or what is put in the place of what
    fact, new : the fact that is changed, and what it becomes, 0 <= 0 where it is dropped
    name, meaning : the name whose formula is changed, and what it becomes
    sign : the symbol whose sign is not known any more
    exact : whether only an identity counts, as for a multiplier
    """

    what: str | Change
    fact: Fact | None = None
    new: Fact | None = None
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


def places(proof: Proof) -> list[Place]:
    """What can be changed in a proof: its names, the signs of the symbols, and its facts."""
    facts = (fact for fact in proof.facts if fact not in SIGNS.values() and fact is not ONE)
    return [*proof.names, *SIGNS.values(), *facts]


def mutants(place: Place) -> Iterator[Mutant]:
    """All changes of a name or fact."""
    if isinstance(place, sp.Symbol):
        meaning = MEANING[place]
        for change, new in distinct(meaning, atoms(meaning)):
            yield Mutant(change, name=place, meaning=new)
        return
    if isinstance(place, Hypothesis):
        sign = next((symbol for symbol, fact in SIGNS.items() if fact is place), None)
        yield Mutant("dropped", place, replace(place, **NOTHING), sign=sign)
        if sign is not None:
            return
    if isinstance(place, (Hypothesis, Step, Lemma)):
        yield from of_statement(place)
    if isinstance(place, Square) and isinstance(place.root, sp.Expr):
        for change, new in distinct(place.root, atoms(place.root)):
            yield Mutant(change, place, replace(place, rhs=new**2, root=new), exact=True)
    if isinstance(place, Step):
        yield from of_certificate(place)
        for sign in place.signs:
            kept = tuple(each for each in place.signs if each is not sign)
            yield Mutant(f"not knowing that {sign.name}", place, replace(place, signs=kept), exact=True)
    if isinstance(place, Lemma):
        for i, fact in enumerate(place.of):
            if fact.lhs == fact.rhs:  # there is nothing to drop
                continue
            of = (*place.of[:i], replace(fact, **NOTHING), *place.of[i + 1 :])
            yield Mutant(f"without {fact.name}", place, replace(place, of=of))


def of_statement(fact: Fact) -> Iterator[Mutant]:
    """Changes of what a fact says."""
    symbols = atoms(fact.lhs, fact.rhs)
    for side in ("lhs", "rhs"):
        for change, new in distinct(getattr(fact, side), symbols):
            yield Mutant(change, fact, replace(fact, **{side: new}))
    if fact.relation != "=" and fact.lhs != fact.rhs:
        yield Mutant("the other way round", fact, turned(fact))


def turned(fact: Fact) -> Fact:
    """The fact the other way round."""
    return replace(fact, lhs=fact.rhs, rhs=fact.lhs)


def of_certificate(fact: Step) -> Iterator[Mutant]:
    """Changes of the multipliers of a step, and premises left out, or turned round: then the identity stays one."""
    for part in ("by", "base") if isinstance(fact, Induction) else ("by",):
        by: dict[Fact, sp.Expr] = getattr(fact, part)
        for premise, multiplier in by.items():
            rest = {each: m for each, m in by.items() if each is not premise}
            yield Mutant(f"without {premise.name}", fact, _with(fact, part, rest), exact=True)
            if premise.relation != "=" and premise is not SELF:
                what = f"{premise.name} the other way round, times -1"
                yield Mutant(what, fact, _with(fact, part, {**rest, turned(premise): -multiplier}), exact=True)
            for change, new in distinct(multiplier, atoms(multiplier)):
                again = {each: new if each is premise else m for each, m in by.items()}
                yield Mutant(change, fact, _with(fact, part, again), exact=True)


def _with(fact: Step, part: str, by: dict[Fact, sp.Expr]) -> Step:
    changes: dict[str, Any] = {part: by}
    return replace(fact, **changes)


def distinct(expression: sp.Expr, symbols: tuple[sp.Expr, ...]) -> Iterator[tuple[Change, sp.Expr]]:
    """The changes of an expression, each result once."""
    seen = {expression}
    for change, new in changed(expression, symbols):
        if new not in seen and not new.has(sp.zoo, sp.nan, sp.oo):
            seen.add(new)
            yield change, new
