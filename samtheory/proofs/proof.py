"""The proof of a theorem: the facts that it claims, and all that is below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import sympy as sp

from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

from .kernel.facts import Fact, assumed
from .language.terms import MEANING


@dataclass(frozen=True, eq=False)
class Proof:
    """A theorem and the facts that it claims.

    Attributes
    ----------
    one : the inequality of one step, `Theorem.inequality`: several facts where the largest of several holds
    bounds : bounds, none if it is followed step by step; that of the calculator must not be below all that hold at t
    more : what else is claimed
    refused : why the kernel has refused a step of it, "" if it has not
    values : of symbols of the proof, made of a plan and V_0
    note : where the statement is not proved, and false, "" if it is proved as it is stated
    """

    theorem: Theorem
    one: tuple[Fact, ...]
    bounds: tuple[Fact, ...] = ()
    more: tuple[Fact, ...] = ()
    note: str = ""
    refused: str = ""
    values: Mapping[sp.Symbol, Callable[[Plan, float], float]] = field(default_factory=dict)

    @property
    def claims(self) -> tuple[Fact, ...]:
        """Everything that is claimed."""
        return tuple(dict.fromkeys((*self.one, *self.bounds, *self.more)))

    @property
    def facts(self) -> list[Fact]:
        """Everything that is used, premises first."""
        return below(*self.claims)

    @property
    def hypotheses(self) -> list[Fact]:
        """Everything that is assumed, in order."""
        open_ = frozenset().union(*(claim.hypotheses for claim in self.claims))
        listed = [fact for fact in self.facts if fact in open_]
        return listed + sorted(open_ - set(listed), key=lambda fact: fact.name)

    @property
    def names(self) -> dict[sp.Symbol, sp.Expr]:
        """What the names in the facts stand for."""
        found: dict[sp.Symbol, sp.Expr] = {}
        for fact in self.facts:
            for name in sorted(fact.gap.free_symbols & MEANING.keys(), key=str):
                found.setdefault(name, MEANING[name])
        return found


def arguments(fact: Fact) -> Mapping[str, Any]:
    """What the rule of a fact was applied to, by name."""
    call = fact.arguments
    bound = signature(call["rule"].__wrapped__).bind(fact.name, *call["of"], **call["more"])
    bound.apply_defaults()
    return bound.arguments


def word(fact: Fact) -> str | None:
    """The assumption or the kind of a hypothesis; None of any other fact."""
    kind = assumed(fact)
    return None if kind is None else kind.word


def below(*facts: Fact) -> list[Fact]:
    """The facts and all that they rest on, premises first."""
    found: dict[Fact, None] = {}

    def visit(fact: Fact) -> None:
        if fact not in found:
            for premise in fact.premises:
                visit(premise)
            found[fact] = None

    for fact in facts:
        visit(fact)
    return list(found)
