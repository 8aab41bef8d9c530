"""When a proof is accepted: every step is closed by an identity of SymPy expressions in exact numbers.

A step gap = sum m_k gap_k is right if

* the two sides are equal as expressions: their difference expands to 0,
* every m_k that goes with an inequality is not negative, which is read off its form, never sampled,
* nothing is divided by what may be 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sympy as sp

from .facts import MEANING, ONE, SELF, Fact, Hypothesis, Induction, Lemma, Square, Step, below
from .symbols import SIGNS, E
from .vectors import NONNEGATIVE

#: Expressions that are not negative; True for those that are positive.
Known = dict[sp.Expr, bool]


class Obligation(NamedTuple):
    """gap = sum of m * gap of the fact over `by`."""

    gap: sp.Expr
    by: tuple[tuple[sp.Expr, sp.Expr, str], ...]


class Flaw(Exception):
    """Why a fact is not accepted."""


def obligations(step: Step) -> Iterator[Obligation]:
    """What has to be verified: one identity, or two for an induction."""
    if not isinstance(step, Induction):
        yield Obligation(step.gap, tuple((m, fact.gap, fact.relation) for fact, m in step.by.items()))
        return
    start, after = step.gap.subs(step.t, step.first), step.gap.subs(step.t, step.t + 1)
    yield Obligation(start, tuple((m, fact.gap, fact.relation) for fact, m in step.base.items()))
    facts = {fact: step if fact is SELF else fact for fact in step.by}
    yield Obligation(after, tuple((m, facts[fact].gap, facts[fact].relation) for fact, m in step.by.items()))


def spelt_out(expression: sp.Expr) -> sp.Expr:
    """The expression with every name replaced by what it stands for."""
    while names := expression.free_symbols & MEANING.keys():
        expression = expression.xreplace({name: MEANING[name] for name in names})
    return expression


def residual(obligation: Obligation) -> sp.Expr:
    """What an identity leaves: 0 if it is one, whatever the names in it stand for or when they are spelt out."""
    return sp.expand(obligation.gap - sp.Add(*(m * gap for m, gap, _ in obligation.by)))


def fraction(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Numerator, expanded, and common denominator; powers are split, b^(u+v) = b^u b^v for b != 0."""
    split = sp.expand(expression, force=True, mul=False, multinomial=False, power_base=False, log=False, basic=False)
    top, bottom = sp.fraction(sp.together(split))
    return sp.expand(top), bottom


def numerator(expression: sp.Expr) -> sp.Expr:
    """The numerator over a common denominator, expanded."""
    return fraction(expression)[0]


def nonnegative(x: sp.Expr, known: Known, strict: bool = False) -> bool:
    """Whether x >= 0 (x > 0 if strict) by its form: sums and products of what is known, and even powers."""
    if (x in known and (known[x] or not strict)) or (not strict and (x in NONNEGATIVE or x.func in NONNEGATIVE)):
        return True
    if x in MEANING:
        return nonnegative(MEANING[x], known, strict)
    if x.is_number:
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
        base, exponent = x.args
        even = exponent.is_integer and exponent.is_even
        return (even and not strict) or nonnegative(base, known, strict)
    return bool(x.func == E and not strict and nonnegative(x.args[0], known, False))


def multiple(x: sp.Expr, y: sp.Expr) -> bool:
    """Whether x is a positive rational multiple of y."""
    if x.free_symbols != y.free_symbols:
        return False
    ratio = sp.cancel(x / y)
    return bool(ratio.is_Rational and ratio > 0)


def known_to(fact: Fact) -> Known:
    """What a fact may take as not negative: the signs of the symbols, and of the gaps of `Step.signs`."""
    known = {sign.gap: sign.relation == "<" for sign in SIGNS.values()}
    for sign in getattr(fact, "signs", ()):
        if sign.relation != "=":
            for form in (sign.gap, spelt_out(sign.gap), sp.expand(spelt_out(sign.gap))):
                known[form] = sign.relation == "<"
    return known


def verify(step: Step) -> None:
    """Raises Flaw if the step does not follow."""
    verify_form(step)
    for obligation in obligations(step):
        left = numerator(spelt_out(residual(obligation)))
        if left != 0:
            raise Flaw(f"{step.name}: the two sides differ by {left}")


def verify_form(step: Step) -> None:
    """Raises Flaw if a multiplier may be negative, or the claim needs more than such facts give, or is not defined."""
    known = known_to(step)
    for obligation in obligations(step):
        verify_multipliers(step, obligation, known)
        for m, _, _ in obligation.by:
            verify_defined(step, m, known)
    for fact in (step, *step.premises):
        for side in (fact.lhs, fact.rhs):
            verify_defined(step, side, known)


def verify_multipliers(step: Step, obligation: Obligation, known: Known) -> None:
    """Raises Flaw if a multiplier may be negative, or the claim needs more than such facts give."""
    for m, _, relation in obligation.by:
        if relation != "=" and not nonnegative(m, known):
            raise Flaw(f"{step.name}: nothing says that the multiplier {m} is not negative")
    unequal = [(m, relation) for m, _, relation in obligation.by if relation != "="]
    firm = any(relation == "<" and nonnegative(m, known, True) for m, relation in unequal)
    if (step.relation == "=" and unequal) or (step.relation == "<" and not firm):
        raise Flaw(f"{step.name}: {step.relation} does not follow from inequalities of this kind")
    if step.iff and not (len(unequal) == 1 and nonnegative(unequal[0][0], known, True)):
        raise Flaw(f"{step.name}: equivalent to one inequality, with a positive multiplier, only")


def verify_defined(step: Step, expression: sp.Expr, known: Known) -> None:
    """Raises Flaw if something is divided by what may be 0, or a root is taken of what may be negative."""
    for power in expression.atoms(sp.Pow):
        divides, whole = not power.exp.is_nonnegative, power.exp.is_integer
        if (divides or not whole) and not nonnegative(power.base, known, strict=divides):
            raise Flaw(f"{step.name}: nothing says that {power} is defined")
    for name in expression.free_symbols & MEANING.keys():
        verify_defined(step, MEANING[name], known)


def verify_lemma(lemma: Lemma) -> None:
    """Raises Flaw if the lemma does not say this of its premises."""
    if lemma.make(*lemma.of) != (lemma.lhs, lemma.relation, lemma.rhs):
        raise Flaw(f"{lemma.name}: the lemma says something else")
    verify_needs(lemma)


def verify_needs(lemma: Lemma) -> None:
    """Raises Flaw if what must not be negative may be negative, or what must be positive may be 0."""
    known = known_to(lemma)
    for need in (*lemma.needs, *lemma.positive):
        strict = need in lemma.positive
        if not nonnegative(need, known, strict):
            raise Flaw(f"{lemma.name}: nothing says that {need} is {'positive' if strict else 'not negative'}")


def check(*claims: Fact, accepted: Iterable[Fact] = ()) -> list[Fact]:
    """All facts below the claims, premises first, if each that is not accepted already follows.

    Raises
    ------
    Flaw
        If one does not.
    """
    done, facts = set(accepted), below(*claims)
    for fact in facts:
        if fact in done:
            continue
        if isinstance(fact, Step):
            verify(fact)
        elif isinstance(fact, Lemma):
            verify_lemma(fact)
        elif not isinstance(fact, (Hypothesis, Square)) and fact is not ONE:
            raise Flaw(f"{fact.name}: nothing proves it")
    return facts
