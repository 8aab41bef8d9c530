"""Rules over draws, states and time applied at random: what the kernel accepts is true in a small model.

The model has three states and two draws, all equally likely, the same at every time.
"""

import os
from contextlib import suppress
from itertools import product

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.core.function import AppliedUndef

from samtheory.proofs.kernel.facts import assumed
from samtheory.proofs.kernel.rules import (
    SELF,
    along,
    hypothesis,
    induction,
    instance,
    mean,
    recursions,
    sequence,
    square,
    step,
)
from samtheory.proofs.language.terms import (
    DRAW,
    E,
    Flaw,
    T,
    function,
    grad,
    grad2_at,
    grad_at,
    norm,
    number,
    spelt_out,
    t,
)

#: More by SAMTHEORY_FUZZ=10000.
EXAMPLES = int(os.environ.get("SAMTHEORY_FUZZ", "25"))
X, c, u = number("a draw", DRAW), number("c"), number("u of the model")
s = sp.Symbol("s", integer=True, nonnegative=True)
U = function("U of the model", "real")
STATES, DRAWS, TIMES, LAST = (0, 1, 3), (-1, 2), range(4), (1, 2, 4)
CONSTANTS = [dict(zip((c, u), map(sp.Rational, values), strict=True)) for values in ((0, 1), (2, -1), ("1/2", 0))]
#: U at each time, in three worlds.
WORLDS = (lambda n: sp.Integer(-1), lambda n: sp.Integer(1), lambda n: sp.Integer(3 - 2 * n))


def value(x, constants, world, time, state, draw):
    """An expression in the model."""
    at = {**constants, t: time, s: time, norm(grad): state, X: state + draw}

    def call(each):
        if each.func == E:
            return sum(value(each.args[0], constants, world, time, state, other) for other in DRAWS) / len(DRAWS)
        n = int(each.args[0].subs(at))
        if each.func in (grad_at, grad2_at):
            return sp.Rational(sum(one ** (1 + (each.func == grad2_at)) for one in STATES), len(STATES))
        if each.func == U:
            return world(n)
        symbol, found, after = recursions()[each.func]
        before = sp.Dummy()
        for m in range(n):
            following = after.subs(each.func(symbol), before).subs(symbol, m).subs(before, found)
            found = value(following, constants, world, m, state, draw)
        return value(found, constants, world, 0, state, draw)

    return sp.sympify(spelt_out(x).replace(lambda each: isinstance(each, AppliedUndef), call).subs(at))


def true(fact, *place):
    """Whether a fact is true at a place."""
    left, right = (value(side, *place) for side in (fact.lhs, fact.rhs))
    return {"<=": left <= right, "<": left < right, "=": left == right}[fact.relation]


def assumed_at(each, constants, world, time, state, draw):
    """Whether a hypothesis is true at a place, at all its times, and everywhere if it is meant so."""
    kind = assumed(each)
    times = [time]
    if kind.times is not None:
        bound, first, before = kind.times
        ends = [end if end is None else int(value(end, constants, world, time, state, draw)) for end in (first, before)]
        times = [n for n in range(8) if ends[0] <= n and (ends[1] is None or n < ends[1])]
        sides = [side.subs(bound, s) for side in (each.lhs, each.rhs)]
        if any(side.has(t) for side in sides):
            return False  # two times in one hypothesis: not in this model
        each = hypothesis("at its times", "model", sides[0], each.relation, sides[1])
    states, draws = (STATES, DRAWS) if kind.everywhere else ((state,), (draw,))
    return all(true(each, constants, world, *rest) for rest in product(times, states, draws))


def places(fact):
    """The places at which a fact may differ."""
    sides = [spelt_out(side) for each in (fact, *fact.hypotheses) for side in (each.lhs, each.rhs)]
    found = set().union(*(side.atoms(sp.Symbol, AppliedUndef) for side in sides))
    calls = {each.func for each in found if isinstance(each, AppliedUndef)} - {E, grad_at, grad2_at}
    constants = CONSTANTS if calls or found & {c, u} else CONSTANTS[:1]
    return product(
        [{**each, T: last} for each in constants for last in (LAST if calls or T in found else LAST[:1])],
        WORLDS if calls else WORLDS[:1],
        TIMES if calls or found & {t, s} else TIMES[:1],
        STATES if found & {norm(grad), X} else STATES[:1],
        DRAWS if X in found else DRAWS[:1],
    )


@st.composite
def identities(draw):
    """A polynomial in the draw, the state and a constant, written in two ways."""
    p = draw(st.sampled_from([X, norm(grad), c])) + draw(st.sampled_from([0, 1, c, X, -norm(grad)]))
    q = p ** draw(st.sampled_from([1, 2])) + draw(st.sampled_from([0, c, norm(grad)]))
    left, right = draw(st.permutations([q, sp.expand(q)]))
    return step("identity", left + draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from(["<=", "="])), right, {})


def summed(draw):
    """A bound on a sum, by an induction that is right or nearly so."""
    time = draw(st.sampled_from([t, t, T]))
    term, cap = draw(st.sampled_from([(u, c), (U(time), c), (U(time), sp.Integer(0))]))
    start = draw(st.sampled_from([sp.Integer(0), c, 1 - T]))
    F, first, after = sequence("F", time, start, lambda F: F + term)
    spans = st.sampled_from([None, (s, 0, None), (s, t, None), (s, 1, None), (s, 0, T)])
    span = draw(spans) if term.has(U) else None
    at = s if span else time
    limit = hypothesis("U ≤ c", "model", term.subs(time, at), "<=", cap, times=span)
    used = instance("now", limit, {s: time}) if span else limit
    begin = draw(st.sampled_from([0, 0, 1]))
    claim = start + (time - begin) * cap + draw(st.sampled_from([0, 0, -1]))
    by, base = (
        {SELF: draw(st.sampled_from([1, 1, 1 + 1 / (time + 1)])), after: 1, used: 1},
        {first: 1} if begin == 0 else {},
    )
    return induction(
        "sum", time, F(time), "<=", claim, by, first=begin, last=draw(st.sampled_from([None, T])), base=base
    )


def positive_time(draw):
    """A claim about T alone."""
    m = draw(st.sampled_from([1, 1 + 1 / T, 2]))
    return induction("T", T, draw(st.sampled_from([T, -T])), "<=", 0, {SELF: m}, first=draw(st.sampled_from([0, 1])))


def replaced(draw, facts):
    """An instance."""
    values = st.sampled_from(
        [{u: u + 1}, {c: 0}, {c: u}, {t: 0}, {t: T}, {t: t + 1}, {T: 1}, {c: grad_at(t)}, {T: t + 1}]
    )
    return instance("instance", draw(st.sampled_from(facts)), draw(values))


RULES = (
    lambda draw, facts: draw(identities()),
    lambda draw, facts: square(draw(st.sampled_from([X - c, norm(grad) - c, X - norm(grad), c - u]))),
    lambda draw, facts: mean(draw(st.sampled_from(facts))),
    lambda draw, facts: along(draw(st.sampled_from(facts))),
    replaced,
    replaced,
    lambda draw, facts: summed(draw),
    lambda draw, facts: positive_time(draw),
    lambda draw, facts: draw(st.sampled_from([sequence("F", t, u, lambda F: F)[1], square(c)])),
    lambda draw, facts: hypothesis("assumed", "model", X, "<=", draw(st.sampled_from([c, norm(grad), 2]))),
)


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.data())
def test_what_holds_in_the_mean_and_over_time_is_true(data):
    facts = [square(X - c), square(norm(grad) - c)]
    for _ in range(8):
        with suppress(Flaw):
            facts.append(data.draw(st.sampled_from(RULES))(data.draw, facts))
    for fact in facts:
        for place in places(fact):
            if all(assumed_at(each, *place) for each in fact.hypotheses):
                assert true(fact, *place), (fact, fact.hypotheses, place)
