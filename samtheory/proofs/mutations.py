"""Teeth: every number, exponent, sign and symbol of a proof is changed, every hypothesis and premise dropped.

A change is *rejected* if some step does not close any more.  It is *weaker* if every step still closes up to a
remainder that is not negative by its form, where the step is an inequality: less is claimed, so it is still true.  An
equivalence or an identity has no remainder to give away.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from .facts import Fact, Hypothesis, Induction, Square, Step
from .proof import Proof
from .symbols import SIGNS

FACTORS = tuple(map(sp.Rational, ("1/2", "9/10", "11/10", "2")))

#: What is put in the place of what.
Change = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True)
class Mutant:
    """One change: of a fact, or of what a name stands for.

    Attributes
    ----------
    where, what : in words, or what is put in the place of what
    fact, new : the fact that is changed, and what it becomes, 0 <= 0 where it is dropped
    name, meaning : the name whose formula is changed, and what it becomes
    sign : the symbol whose sign is not known any more
    exact : whether only an identity counts, as for a multiplier
    """

    where: str
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
            yield from ((change, expression.func(*before, new, *after)) for change, new in changed(part, symbols))


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


def mutants(proof: Proof, seen: Container[Any] = ()) -> Iterator[Mutant]:
    """All changes of the names, hypotheses and steps of a proof, but of those in `seen`."""
    for name, meaning in proof.names.items():
        if name in seen:
            continue
        for change, new in distinct(meaning, atoms(meaning)):
            yield Mutant(f"{name}", change, name=name, meaning=new)
    signs = {fact: symbol for symbol, fact in SIGNS.items()}
    for fact in (*signs, *(fact for fact in proof.facts if fact not in signs)):
        if fact in seen:
            continue
        if isinstance(fact, Hypothesis):
            nothing = replace(fact, lhs=sp.Integer(0), relation="<=", rhs=sp.Integer(0))
            yield Mutant(fact.name, "dropped", fact, nothing, sign=signs.get(fact))
        if fact in signs:
            continue
        if isinstance(fact, (Hypothesis, Step)):
            yield from of_statement(fact)
        if isinstance(fact, Square) and isinstance(fact.root, sp.Expr):
            for change, new in distinct(fact.root, atoms(fact.root)):
                yield Mutant(fact.name, change, fact, replace(fact, rhs=new**2, root=new), exact=True)
        if isinstance(fact, Step):
            yield from of_certificate(fact)


def of_statement(fact: Fact) -> Iterator[Mutant]:
    """Changes of what a fact says."""
    symbols = atoms(fact.lhs, fact.rhs)
    for side in ("lhs", "rhs"):
        for change, new in distinct(getattr(fact, side), symbols):
            yield Mutant(fact.name, change, fact, replace(fact, **{side: new}))
    if fact.relation != "=" and fact.lhs != fact.rhs:
        yield Mutant(fact.name, "the other way round", fact, replace(fact, lhs=fact.rhs, rhs=fact.lhs))


def of_certificate(fact: Step) -> Iterator[Mutant]:
    """Changes of the multipliers of a step, and premises left out."""
    for part in ("by", "base") if isinstance(fact, Induction) else ("by",):
        by: dict[Fact, sp.Expr] = getattr(fact, part)
        for premise, multiplier in by.items():
            rest = {each: m for each, m in by.items() if each is not premise}
            yield Mutant(fact.name, f"without {premise.name}", fact, _with(fact, part, rest), exact=True)
            for change, new in distinct(multiplier, atoms(multiplier)):
                again = {each: new if each is premise else m for each, m in by.items()}
                yield Mutant(fact.name, change, fact, _with(fact, part, again), exact=True)


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
