"""What becomes of a proof in which one thing is changed: the rules of the kernel are applied again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any

import sympy as sp

from ..kernel.algebra import fraction, known_of, nonnegative
from ..kernel.facts import Fact, assumed
from ..kernel.rules import ONE, SELF, at_time, hypothesis
from ..language.terms import Flaw, define, spelt_out
from ..proof import Proof, arguments
from ..text.printing import text
from .arithmetic import is_negative, is_zero
from .mutants import Mutant
from .rebuild import Changes

#: Letters of a remainder that is printed in full.
LONG = 200
REJECTED, WEAKER, SAME = "rejected", "weaker", "same"
#: An identity: gap, and (m, gap of the fact) over `by`.
Obligation = tuple[sp.Expr, list[tuple[sp.Expr, sp.Expr]]]


@dataclass(frozen=True)
class Outcome:
    """What a change does to a proof.

    Attributes
    ----------
    verdict : REJECTED if a rule does not apply; WEAKER if all do, some with a remainder; SAME if nothing has changed
    why : the rule that does not apply, or the remainders, which are not negative
    """

    verdict: str
    why: str = ""


def judge(proof: Proof, mutant: Mutant) -> Outcome:
    """The proof with one change in it, made again from there on."""
    found: list[str] = []
    try:
        changes = Changes(symbols_of(mutant))
        for fact in proof.facts:
            mine = fact is mutant.fact
            if not mine and not changes.reach(fact):
                continue
            new = remade(fact, mutant, changes) if mine else again(fact, changes, {}, False, found)
            if mine and fact.rule in ("step", "induction") and "without" not in mutant.arguments:
                new = again(fact, changes, mutant.arguments, mutant.exact, found)
            if new is not fact:
                changes.facts[fact] = new
    except Flaw as flaw:
        return Outcome(REJECTED, str(flaw))
    return Outcome(WEAKER, "; ".join(found)) if found else Outcome(SAME)


def symbols_of(mutant: Mutant) -> dict[sp.Symbol, sp.Expr]:
    """The symbol that is replaced."""
    if mutant.name is not None:
        return {mutant.name: define(mutant.name.name, mutant.meaning)}
    return {} if mutant.sign is None else {mutant.sign: sp.Symbol(f"{mutant.sign.name}", real=True)}


def remade(fact: Fact, mutant: Mutant, changes: Changes) -> Fact:
    """The fact that is changed itself."""
    given = mutant.arguments
    kind = assumed(fact)
    if kind is not None:
        lhs, rhs = given.get("lhs", fact.lhs), given.get("rhs", fact.rhs)
        says = (sp.Integer(0), "<=", sp.Integer(0)) if "dropped" in given else (lhs, fact.relation, rhs)
        cases = tuple(changes.facts.get(each, each) for each in kind.given)
        return hypothesis(fact.name, kind.word, *says, everywhere=kind.everywhere, times=kind.times, given=cases)
    if "without" in given:
        changes = Changes()
        changes.facts[given["without"]] = hypothesis("nothing", "nothing", 0, "<=", 0)
        return changes.again(fact)
    return fact if fact.rule in ("step", "induction") else with_arguments(fact, changes, given)


def with_arguments(fact: Fact, changes: Changes, given: Mapping[str, Any]) -> Fact:
    """The rule of a fact applied to other arguments."""
    call = fact.arguments
    make, more = call["rule"].__wrapped__, {key: changes.of(value) for key, value in call["more"].items()}
    bound = signature(make).bind(fact.name, *map(changes.of, call["of"]), **more)
    bound.arguments.update(given)
    made: Fact = call["rule"](*bound.args[1:] if call["titled"] else bound.args, **bound.kwargs)
    return made


def again(fact: Fact, changes: Changes, given: Mapping[str, Any], exact: bool, found: list[str]) -> Fact:
    """A fact made again, with what a step leaves added to it."""
    if fact.rule not in ("step", "induction"):
        return changes.again(fact)
    of = {key: changes.of(value) for key, value in arguments(fact).items()} | dict(given)
    of = {**of, "lhs": sp.sympify(of["lhs"]), "rhs": sp.sympify(of["rhs"])}
    exact = exact or of.get("iff", False) or of["relation"] == "="
    known = known_of(of["signs"])
    parts: dict[str, Any] = {}
    for part, obligation in obligations(fact.rule, of):
        left = remainder(fact.name, obligation, exact, known)
        if left is not None:
            parts[part] = {**(of[part] or {}), ONE: (of[part] or {}).get(ONE, 0) + left}
            found.append(f"{fact.name}: {in_short(left)} ≥ 0")
    return with_arguments(fact, changes, {**given, **parts})


def obligations(rule: str, of: Mapping[str, Any]) -> list[tuple[str, Obligation]]:
    """The identities of a step or an induction, by the part of the certificate."""
    gap = of["rhs"] - of["lhs"]

    def sums(by: Mapping[Fact, Any] | None) -> list[tuple[sp.Expr, sp.Expr]]:
        return [(sp.sympify(m), gap if f is SELF and rule == "induction" else f.gap) for f, m in (by or {}).items()]

    if rule == "step":
        return [("by", (gap, sums(of["by"])))]
    t, first = of["t"], sp.sympify(of["first"])
    return [
        ("base", (at_time(gap, t, first), sums(of["base"]))),
        ("by", (at_time(gap, t, t + 1), sums(of["by"]))),
    ]


def remainder(name: str, obligation: Obligation, exact: bool, known: Any) -> sp.Expr | None:
    """What an identity leaves: None if it is one; raise Flaw if that may be negative."""
    if is_zero(obligation):
        return None
    if exact or is_negative(obligation):
        raise Flaw(f"{name}: does not close")
    gap, by = obligation
    left = sp.expand(gap - sp.Add(*(m * each for m, each in by)))
    if left == 0 or nonnegative(left, known):
        return left if left != 0 else None
    plain = left if any(not power.exp.is_number for power in left.atoms(sp.Pow)) else spelt_out(left)
    top, bottom = fraction(plain)
    if top == 0:
        return None
    if not (nonnegative(top, known) and nonnegative(bottom, known, True)):
        raise Flaw(f"{name}: does not close")
    return top / bottom


def in_short(left: sp.Expr) -> str:
    """A sum that is not negative, or its first terms if it is long."""
    whole, terms = text(left), sp.Add.make_args(sp.fraction(left)[0])
    return whole if len(whole) <= LONG or len(terms) < 4 else f"{text(terms[0])} + … ({len(terms)} such terms)"
