"""The proof of a theorem: the facts that it claims, and all that is below them."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from samtheory.theorems.base import Theorem

from .facts import MEANING, Fact, Hypothesis, below


@dataclass(frozen=True)
class Proof:
    """A theorem and the facts that it claims, which the facts below them prove.

    Attributes
    ----------
    note : where the statement is not proved, and false, "" if it is proved as it is stated
    """

    theorem: Theorem
    claims: tuple[Fact, ...]
    note: str = ""

    @property
    def facts(self) -> list[Fact]:
        """Everything that is used, premises first."""
        return below(*self.claims)

    @property
    def hypotheses(self) -> list[Hypothesis]:
        """Everything that is assumed."""
        return [fact for fact in self.facts if isinstance(fact, Hypothesis)]

    @property
    def names(self) -> dict[sp.Symbol, sp.Expr]:
        """What the names in the facts stand for."""
        found: dict[sp.Symbol, sp.Expr] = {}
        for fact in self.facts:
            for name in sorted(fact.gap.free_symbols & MEANING.keys(), key=str):
                found.setdefault(name, MEANING[name])
        return found
