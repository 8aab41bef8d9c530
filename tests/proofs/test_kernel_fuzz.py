"""Rules applied at random: whatever the kernel accepts is true at random values that satisfy its hypotheses."""

import os
from contextlib import suppress

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory.proofs.kernel.analysis import all_of, one_of, root, tangent
from samtheory.proofs.kernel.rules import ONE, cases, hypothesis, instance, sign, square, step
from samtheory.proofs.language.terms import Flaw, number, spelt_out
from samtheory.theorems.symbols import A, L, rho

#: More by SAMTHEORY_FUZZ=10000.
EXAMPLES = int(os.environ.get("SAMTHEORY_FUZZ", "60"))
x, y = number("x"), number("y")
SYMBOLS = (x, y, L, rho, A)
NUMBERS = st.sampled_from([sp.Integer(n) for n in (-2, -1, 0, 1, 2)] + [sp.Rational(1, 2)])
FORMS = st.recursive(
    st.one_of(st.sampled_from(SYMBOLS), NUMBERS),
    lambda inner: st.one_of(
        st.builds(lambda p, q: p + q, inner, inner),
        st.builds(lambda p, q: p * q, inner, inner),
        st.builds(lambda p, n: p**n, inner, st.sampled_from([2, -1, sp.Rational(1, 2)])),
        st.builds(lambda p, q: sp.Max(p, q, evaluate=False), inner, inner),
    ),
    max_leaves=4,
)
POINTS = [
    dict(zip(SYMBOLS, map(sp.Rational, values), strict=True))
    for values in (
        ("1", "2", "1/3", "0", "0"), ("-1", "1/2", "2", "1", "0"), ("0", "0", "1", "1/5", "3"),
        ("-3", "-2", "5", "2", "1/2"), ("1/7", "-1", "1/2", "0", "2"), ("4", "4", "1", "3", "1"),
    )
]  # fmt: skip


def holds(fact, point):
    """Whether a fact is true at a point; None where it is not defined or too close to tell."""
    try:
        left, right = (spelt_out(side).subs(point) for side in (fact.lhs, fact.rhs))
        gap = sp.N(right - left, 30)
    except ValueError:  # a maximum of what is no number
        return None
    if not gap.is_real or abs(gap) < 1e-20:
        return None if gap.has(sp.nan, sp.zoo, sp.oo) or not gap.is_real else fact.relation != "<"
    return bool(gap > 0) if fact.relation != "=" else False


def relation(draw):
    """A hypothesis about this point."""
    kind = draw(st.sampled_from(["<=", "<", "="]))
    return hypothesis("assumed", "case", draw(FORMS), kind, draw(FORMS))


def combined(draw, facts):
    """A step from two facts with multipliers, its claim right or nearly so."""
    by = {draw(st.sampled_from(facts)): draw(FORMS) for _ in range(2)} | {ONE: draw(FORMS)}
    total = sum((m * fact.gap for fact, m in by.items()), sp.Integer(0)) + draw(st.sampled_from([0, 0, 0, 1, -1]))
    left = draw(FORMS)
    return step("step", left, draw(st.sampled_from(["<=", "<", "="])), left + total, by, draw(st.sampled_from(facts)))


def in_cases(draw, facts):
    """A fact proved in two cases, or in two that leave something out."""
    value, fact = draw(FORMS), draw(st.sampled_from(facts))
    up = hypothesis("up", "case", 0, "<=", value)
    down = hypothesis("down", "case", 0, "<=", draw(st.sampled_from([-value, 1 - value, value])))
    return cases("cases", (fact, up), (fact, down))


RULES = (
    lambda draw, facts: relation(draw),
    lambda draw, facts: square(draw(FORMS)),
    lambda draw, facts: sign(draw(st.sampled_from(SYMBOLS))),
    combined,
    combined,
    combined,
    in_cases,
    lambda draw, facts: instance(
        "instance", draw(st.sampled_from(facts)), {draw(st.sampled_from(SYMBOLS)): draw(FORMS)}
    ),
    lambda draw, facts: root("root", draw(FORMS), draw(FORMS), draw(st.sampled_from(facts))),
    lambda draw, facts: one_of(sp.Max(*(forms := (draw(FORMS), draw(FORMS))), evaluate=False), forms[0]),
    lambda draw, facts: all_of("all", sp.Max(draw(FORMS), draw(FORMS), evaluate=False), draw(FORMS), *facts[:3]),
    lambda draw, facts: tangent(draw(FORMS)),
)


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.data())
def test_what_the_kernel_accepts_is_true(data):
    facts = [ONE, sign(L), sign(rho)]
    for _ in range(8):
        with suppress(Flaw, TypeError, ZeroDivisionError):
            facts.append(data.draw(st.sampled_from(RULES))(data.draw, facts))
    for fact in facts:
        for point in POINTS:
            if all(holds(each, point) for each in fact.hypotheses):
                assert holds(fact, point) is not False, (fact, fact.hypotheses, point)
