"""What becomes of a proof in which one thing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp

from ..kernel.arithmetic import is_negative, is_zero
from ..kernel.checker import (
    Flaw,
    fraction,
    known_to,
    nonnegative,
    numerator,
    obligations,
    residual,
    spelt_out,
    verify_form,
    verify_lemma,
    verify_needs,
)
from ..kernel.facts import MEANING, Fact, Lemma, Step
from ..kernel.proof import Proof
from ..kernel.symbols import SIGNS
from ..text.printing import text
from .mutants import Mutant

#: Letters of a remainder that is told in full.
LONG = 200
REJECTED, WEAKER, SAME = "rejected", "weaker", "same"


@dataclass(frozen=True)
class Outcome:
    """What a change does to a proof.

    Attributes
    ----------
    verdict : REJECTED if a step does not close; WEAKER if all do, some with a remainder; SAME if nothing has changed
    why : the step that does not close, or the remainders, which are not negative
    """

    verdict: str
    why: str = ""


def judge(proof: Proof, mutant: Mutant) -> Outcome:
    """The proof with one change in it, checked again from there on."""
    fresh = mutant.name is not None
    with meaning(mutant):
        try:
            left = []
            for step, exact in again(proof, mutant):
                if mutant.sign is not None:
                    verify_form(step)
                refute(step, exact, fresh)
                if not settled(step, mutant):
                    left.append((step, exact))
            found = [remainder for step, exact in left for remainder in remainders(step, exact, fresh)]
        except Flaw as flaw:
            return Outcome(REJECTED, str(flaw))
    return Outcome(WEAKER, "; ".join(found)) if found else Outcome(SAME)


@contextmanager
def meaning(mutant: Mutant) -> Iterator[None]:
    """The changed meaning of a name, or the sign of a symbol unknown, for a while."""
    table: dict[Any, Any] = MEANING if mutant.name is not None else SIGNS
    key = mutant.name if mutant.name is not None else mutant.sign
    if key is None:
        yield
        return
    right = table.pop(key)
    if mutant.name is not None:
        table[key] = mutant.meaning
    try:
        yield
    finally:
        table[key] = right


def again(proof: Proof, mutant: Mutant) -> Iterator[tuple[Step, bool]]:
    """The steps that the change reaches, and whether only an identity counts for them.

    Raises
    ------
    Flaw
        If a lemma does not apply any more.
    """
    now: dict[Fact, Fact] = {}
    for fact in proof.facts:
        named = mutant.name in names_in(fact) or mutant.sign in symbols_in(fact)
        reached = named or any(premise in now for premise in fact.premises)
        if fact is not mutant.fact and not reached:
            continue
        found = changed(fact, mutant, now)
        if reached and (found.lhs, found.rhs, found.premises) == (fact.lhs, fact.rhs, fact.premises):
            found = fact
        if found is not fact:
            now[fact] = found
        if isinstance(found, Step):
            exact = found.iff or found.relation == "=" or (mutant.exact and fact is mutant.fact)
            yield found, exact
        elif isinstance(found, Lemma):
            (verify_lemma if fact is mutant.fact else verify_needs)(found)  # the others were made a moment ago


def changed(fact: Fact, mutant: Mutant, now: dict[Fact, Fact]) -> Fact:
    """What becomes of a fact."""
    if fact is mutant.fact and mutant.new is not None:
        return mutant.new
    return fact.rebuilt(lambda each: now.get(each, each))


@cache
def symbols_in(fact: Fact) -> frozenset[sp.Symbol]:
    """The symbols that a fact depends on, through the names too."""
    parts = [fact.gap, *getattr(fact, "by", {}).values(), *getattr(fact, "base", {}).values()]
    parts += [*getattr(fact, "needs", ()), *(premise.gap for premise in fact.premises)]
    return frozenset().union(*(spelt_out(sp.sympify(part)).free_symbols for part in parts))


@cache
def names_in(fact: Fact) -> frozenset[sp.Symbol]:
    """The names that a fact depends on, by what it says, or by its premises and its certificate."""
    parts = [fact.lhs, fact.rhs, *getattr(fact, "by", {}).values(), *getattr(fact, "base", {}).values()]
    parts += [*getattr(fact, "needs", ()), *(part for premise in fact.premises for part in (premise.lhs, premise.rhs))]
    found: set[sp.Symbol] = set()
    new = set().union(*(sp.sympify(part).free_symbols for part in parts)) & MEANING.keys()
    while new:
        found |= new
        new = set().union(*(MEANING[name].free_symbols for name in new)) & MEANING.keys() - found
    return frozenset(found)


def settled(step: Step, mutant: Mutant) -> bool:
    """Whether a step closes whatever the changed name stands for, or whatever sign the symbol has."""
    if mutant.sign is not None:
        return mutant.fact not in step.premises
    return mutant.name is not None and closes_without(step, mutant.name)


@cache
def closes_without(step: Step, name: sp.Symbol) -> bool:
    """Whether a step closes with a name left as it is."""
    meaning = MEANING.pop(name)
    try:
        return all(numerator(spelt_out(residual(obligation))) == 0 for obligation in obligations(step))
    finally:
        MEANING[name] = meaning


def refute(step: Step, exact: bool, fresh: bool) -> None:
    """Raises Flaw if the value at some point shows that an identity is none, or that it leaves what is negative."""
    for obligation in obligations(step):
        if not is_zero(obligation, fresh) and (exact or is_negative(obligation, fresh)):
            raise Flaw(f"{step.name}: does not close")


def remainders(step: Step, exact: bool, fresh: bool) -> Iterator[str]:
    """What the identities of a step leave, if anything, and nothing that is negative."""
    known = known_to(step)
    verify_form(step)
    for obligation in obligations(step):
        left = residual(obligation)
        if not exact and not is_zero(obligation, fresh) and nonnegative(left, known):
            yield f"{step.name}: {in_short(left)} ≥ 0"
            continue
        plain = left if runs(left) else spelt_out(left)  # what is raised to the time keeps its name
        top, bottom = fraction(plain)
        if top == 0:
            continue
        if exact or not (nonnegative(top, known) and nonnegative(bottom, known, True)):
            raise Flaw(f"{step.name}: does not close")
        yield f"{step.name}: {in_short(top / bottom)} ≥ 0"


def in_short(left: sp.Expr) -> str:
    """A sum that is not negative, or its first terms if it is long."""
    whole, terms = text(left), sp.Add.make_args(sp.fraction(left)[0])
    return whole if len(whole) <= LONG or len(terms) < 4 else f"{text(terms[0])} + … ({len(terms)} such terms)"


def runs(expression: sp.Expr) -> bool:
    """Whether something is raised to a power that is no number."""
    return any(not power.exp.is_number for power in expression.atoms(sp.Pow))
