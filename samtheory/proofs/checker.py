"""When a proof is accepted: every step is closed by an identity of SymPy expressions in exact numbers.

A step gap = sum m_k gap_k is right if

* the two sides are equal as expressions: their difference expands to 0,
* every m_k that goes with an inequality is not negative, which is read off its form, never sampled,
* nothing is divided by what may be 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import sympy as sp

from .facts import MEANING, ONE, SELF, Fact, Hypothesis, Induction, Lemma, Square, Step, below
from .symbols import SIGNS, E, gap_at, grad2_at
from .vectors import NONNEGATIVE

Meanings = Mapping[sp.Symbol, sp.Expr]
#: Expressions that are not negative; True for those that are positive.
Known = dict[sp.Expr, bool]


class Obligation(NamedTuple):
    """gap = sum of m * gap of the fact over `by`."""

    gap: sp.Expr
    by: tuple[tuple[sp.Expr, sp.Expr, str], ...]


class Flaw(Exception):
    """Why a step is not accepted."""


def obligations(step: Step) -> Iterator[Obligation]:
    """What has to be verified: one identity, or two for an induction."""
    if not isinstance(step, Induction):
        yield Obligation(step.gap, tuple((m, fact.gap, fact.relation) for fact, m in step.by.items()))
        return
    start, after = step.gap.subs(step.t, step.first), step.gap.subs(step.t, step.t + 1)
    yield Obligation(start, tuple((m, fact.gap, fact.relation) for fact, m in step.base.items()))
    gaps = {fact: step.gap if fact is SELF else fact.gap for fact in step.by}
    yield Obligation(after, tuple((m, gaps[fact], fact.relation) for fact, m in step.by.items()))


def spelt_out(expression: sp.Expr, meanings: Meanings = MEANING) -> sp.Expr:
    """The expression with every name replaced by what it stands for."""
    while names := expression.free_symbols & meanings.keys():
        expression = expression.xreplace({name: meanings[name] for name in names})
    return expression


def residual(obligation: Obligation) -> sp.Expr:
    """What an identity leaves: 0 if it is one."""
    return obligation.gap - sp.Add(*(m * gap for m, gap, _ in obligation.by))


def numerator(expression: sp.Expr) -> sp.Expr:
    """The numerator over a common denominator, expanded."""
    return sp.expand(sp.fraction(sp.together(expression))[0])


def nonnegative(x: sp.Expr, known: Known, strict: bool = False, meanings: Meanings = MEANING) -> bool:
    """Whether x >= 0 (x > 0 if strict) by its form: sums and products of what is known, and even powers."""
    if (x in known and (known[x] or not strict)) or (x in NONNEGATIVE and not strict):
        return True
    if x in meanings:
        return nonnegative(meanings[x], known, strict, meanings)
    if x.is_number:
        return bool(x.is_positive if strict else x.is_nonnegative)

    def parts(strict: bool = False) -> list[bool]:
        return [nonnegative(part, known, strict, meanings) for part in x.args]

    if x.is_Add:
        found = all(parts()) and (not strict or any(parts(strict=True)))
        return found or any(sp.expand(x - each) == 0 and (known[each] or not strict) for each in known if each.is_Add)
    if x.is_Mul or isinstance(x, sp.Min):
        return all(parts(strict))
    if isinstance(x, sp.Max):
        return any(parts(strict))
    if x.is_Pow:
        base, exponent = x.args
        even = exponent.is_integer and exponent.is_even
        return (even and not strict) or nonnegative(base, known, strict, meanings)
    if x.func in (gap_at, grad2_at):
        return not strict
    return bool(x.func == E and not strict and nonnegative(x.args[0], known, False, meanings))


def known_to(fact: Fact) -> Known:
    """What a fact may take as not negative: the signs of the symbols, and of the gaps of `Step.signs`."""
    known = {sign.gap: sign.relation == "<" for sign in SIGNS.values()}
    for sign in getattr(fact, "signs", ()):
        if sign.relation != "=":
            for form in (sign.gap, spelt_out(sign.gap), sp.expand(spelt_out(sign.gap))):
                known[form] = sign.relation == "<"
    return known


def verify(step: Step, meanings: Meanings = MEANING) -> None:
    """Raises Flaw if the step does not follow."""
    known = known_to(step)
    for obligation in obligations(step):
        verify_form(step, obligation, known, meanings)
        left = numerator(spelt_out(residual(obligation), meanings))
        if left != 0:
            raise Flaw(f"{step.name}: the two sides differ by {left}")


def verify_form(step: Step, obligation: Obligation, known: Known, meanings: Meanings) -> None:
    """Raises Flaw if a multiplier may be negative, or the claim needs more than such facts give, or is not defined."""
    for m, _, relation in obligation.by:
        if relation != "=" and not nonnegative(m, known, meanings=meanings):
            raise Flaw(f"{step.name}: nothing says that the multiplier {m} is not negative")
    unequal = [(m, relation) for m, _, relation in obligation.by if relation != "="]
    firm = any(relation == "<" and nonnegative(m, known, True, meanings) for m, relation in unequal)
    if (step.relation == "=" and unequal) or (step.relation == "<" and not firm):
        raise Flaw(f"{step.name}: {step.relation} does not follow from inequalities of this kind")
    if step.iff and not (len(unequal) == 1 and nonnegative(unequal[0][0], known, True, meanings)):
        raise Flaw(f"{step.name}: equivalent to one inequality, with a positive multiplier, only")
    for expression in (obligation.gap, *(m for m, _, _ in obligation.by)):
        for power in spelt_out(expression, meanings).atoms(sp.Pow):
            if power.exp.is_negative and not nonnegative(power.base, known, True, meanings):
                raise Flaw(f"{step.name}: nothing says that the divisor {power.base} is positive")


def check(*claims: Fact, accepted: Iterable[Fact] = (), meanings: Meanings = MEANING) -> list[Fact]:
    """All facts below the claims, in order, if every step among them follows and none rests on an open case.

    Raises
    ------
    Flaw
        If a step does not follow.
    """
    done, facts = set(accepted), below(*claims)
    for fact in facts:
        if fact in done:
            continue
        if isinstance(fact, Step):
            verify(fact, meanings)
        elif isinstance(fact, Lemma):
            if not all(nonnegative(need, known_to(fact), meanings=meanings) for need in fact.needs):
                raise Flaw(f"{fact.name}: nothing says that {fact.needs} are not negative")
        elif not isinstance(fact, (Hypothesis, Square)) and fact is not ONE:
            raise Flaw(f"{fact.name}: nothing proves it")
    return facts
