"""What the rules share: a fact is stated, and follows by a lemma about real numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from ..kernel.facts import Fact
from ..language.terms import NOTHING, Depends
from .algebra import Claim
from .facts import Place, Stated, Writer, claim_of, level_of

#: 0 < 1, with which a multiplier is itself.
ONE_FACT = Claim(sp.Integer(0), "<", sp.Integer(1))
POSITIVE = "Rlt_0_1"
HERE = Place()


def stated(writer: Writer, fact: Fact, premises: Sequence[Fact], **own: Any) -> Stated:
    """Register a fact: its hypotheses and level, and what it takes from the literature."""
    local = [each for each in fact.hypotheses if writer.is_local(each)]
    level = max([level_of(fact.lhs, fact.rhs), *(writer.level(each) for each in local)])
    cited = (*writer.cited(premises), *own.pop("cited", ()))
    return writer.state(fact, writer.forms(fact, premises, **own), level, sorted(set(cited)))


def highest(writer: Writer, facts: Sequence[Fact]) -> Depends:
    """What premises depend on."""
    return max((writer.stated[each].level for each in facts), default=NOTHING)


def by_algebra(
    writer: Writer, fact: Fact, premises: Sequence[Fact], by: Sequence[tuple[Any, Claim]], terms: Sequence[str],
    signs: Sequence[Fact] = (), before: str = "", claim: Claim | None = None,
) -> None:  # fmt: skip
    """A fact by a lemma about real numbers that is applied to terms."""
    mine = stated(writer, fact, (*premises, *signs))
    lemma = writer.algebra(mine.name, claim or claim_of(fact), by, [claim_of(each) for each in signs])
    calls = [writer.call(each, mine.forms, HERE) for each in signs]
    text = writer.applied(lemma, HERE, [*calls, *terms])
    writer.prove(mine, f"{before}exact {text}.", highest(writer, (*premises, *signs)))
