"""Who checks each hypothesis of a proof: the assumptions of the theorem, the calculator, or the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from samtheory.theorems.symbols import gamma, lam, rho

from ..kernel.algebra import nonnegative, same
from ..kernel.facts import Fact, assumed, gap, said
from ..kernel.rules import NOT_CONSTANT
from ..language.terms import NOTHING, T, V_at, a, depends, gap_at, in_a, new, spelt_out, t
from ..proof import Proof, word
from ..setting import declared, method
from .samples import ROUNDING, Sample
from .statement import SIGNS, expected, fixed, is_one_step

#: Who checks a hypothesis.
ASSUMPTION, METHOD, CALCULATOR, CLAIM, PRINTED = "assumption", "definition", "calculator", "claim", "printed"
#: Words of declared hypotheses that are no assumptions: what the symbols and the method are.
DEFINITIONS = ("sampling", "method", "start", "measure")
#: Words of hypotheses that a claim may state as its own condition.
CONDITIONS = ("horizon", "start", "steps", "case", "parameters", "smooth", "sampling", "time", "interpolation")
PARAMETERS = (gamma, rho, lam, a)
#: Times at which a condition on the schedule is looked at.
TIMES = (*range(6), 9, 17, 40, 100, 1000)
#: A time at which a bound that is infinite says nothing.
LATE = 1000


@dataclass(frozen=True)
class Open:
    """A hypothesis of a claim, who checks it, and what is wrong with it."""

    fact: Fact
    word: str
    who: str
    wrong: str | None = None


def opened(proof: Proof, claim: Fact, drawn: tuple[Sample, ...]) -> Iterator[Open]:
    """Every hypothesis of a claim."""
    strict = claim in (*proof.one, *proof.bounds)
    drawn = relevant(proof, claim, drawn)
    if claim in proof.bounds:
        drawn = tuple(each for each in drawn if np.isfinite(each.plan.bound(each.plan.horizon or LATE, each.start)))
    values = fixed(proof.theorem) if strict else None
    used: dict[sp.Symbol, sp.Expr] = {}
    one = claim in proof.one
    for fact in sorted(said(claim).hypotheses, key=lambda each: each.name):
        kind = assumed(fact)
        assert kind is not None
        root = kind.root or fact
        if fact is NOT_CONSTANT:
            yield Open(fact, kind.word, PRINTED)
        elif declared(root) is not None:
            yield declaration(proof, fact, kind, root, values, used, one)
        elif kind.word == "time":
            wrong = None if is_range(proof, gap(fact)) and not one else f"{fact.name}: is no condition on the time"
            yield Open(fact, kind.word, PRINTED, wrong)
        elif kind.word == "start" and any(other is not claim and equal(fact, other) for other in proof.claims):
            yield Open(fact, kind.word, CLAIM)
        elif kind.word == "start" and strict:
            yield Open(fact, kind.word, PRINTED, late_start(proof, fact, one, drawn))
        elif depends(spelt_out(gap(fact))) > NOTHING and kind.word != "start":
            yield Open(fact, kind.word, PRINTED, f"{fact.name}: is assumed of the point or the draw")
        elif kind.word not in CONDITIONS:
            yield Open(fact, kind.word, PRINTED, f"{fact.name}: {kind.word} is no condition")
        else:
            yield condition(fact, kind, drawn, strict)


def is_range(proof: Proof, left: sp.Expr) -> bool:
    """Whether 0 <= left is first <= t or t <= last, where last is T or has a value in every plan; or first <= T."""
    left = sp.expand(spelt_out(left))
    time = T if left.has(T) and not left.has(t) else t
    slope, ends = left.coeff(time) if left.has(time) else sp.Integer(0), left.free_symbols - {time}
    whole = all(each.is_integer or each in proof.values for each in ends)
    return whole and not sp.expand(left - slope * time).has(time) and (slope == 1 or (slope == -1 and bool(ends)))


def parameters(claim: Fact) -> dict[sp.Symbol, sp.Expr]:
    """The parameters of the steps that a claim is about."""
    found: dict[sp.Symbol, sp.Expr] = {}
    for fact in said(claim).hypotheses:
        kind = assumed(fact)
        assert kind is not None
        if declared(kind.root or fact) is not None:
            symbols = spelt_out(gap(kind.root or fact)).free_symbols
            found |= {each: kind.values.get(each, each) for each in PARAMETERS if each in symbols}
    return found


def relevant(proof: Proof, claim: Fact, drawn: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """The plans that use an inequality of one step, where a theorem has one for each `sign`."""
    if claim not in proof.one or len(expected(proof.theorem)) == 1:
        return drawn
    value = SIGNS[is_one_step(claim, proof.theorem) or 0]
    return tuple(each for each in drawn if each.plan.free(each.start, 0, 1)["sign"].flat[0] == value)


def declaration(
    proof: Proof,
    fact: Fact,
    kind: Any,
    root: Fact,
    values: dict[sp.Symbol, sp.Expr] | None,
    used: dict[Any, Any],
    one: bool,
) -> Open:
    """A declared hypothesis: an assumption of the theorem, at one choice of the parameters for the whole claim."""
    who = METHOD if kind.word in DEFINITIONS else ASSUMPTION
    if who == ASSUMPTION and kind.word not in proof.theorem.assumptions:
        return Open(fact, kind.word, who, f"uses what the theorem does not assume: {kind.word}")
    if not instance_of(fact, root, kind.values):
        return Open(fact, kind.word, who, f"{fact.name}: is not what is declared")
    symbols = spelt_out(gap(root)).free_symbols
    moved = {each: kind.values.get(each, each) for each in symbols}
    for symbol, value in moved.items():
        if symbol in PARAMETERS:
            if used.setdefault(symbol, value) != value:
                return Open(fact, kind.word, who, f"{fact.name}: is assumed at two values of {symbol}")
        elif value != symbol:
            return Open(fact, kind.word, who, f"{fact.name}: is assumed of {symbol} = {value}")
        if values is not None and symbol in values and value not in (symbol, values[symbol]):
            return Open(fact, kind.word, who, f"{fact.name}: is assumed at {symbol} = {value}")
        if one and symbol in PARAMETERS and value != symbol and value != (values or {}).get(symbol):
            return Open(fact, kind.word, who, f"{fact.name}: is assumed at {symbol} = {value} only")
    other = method(root) not in (None, proof.theorem.method) or (
        proof.theorem.method != "unified-sam" and spelt_out(gap(root)).has(new)
    )  # fmt: skip
    if other:
        return Open(fact, kind.word, who, f"{fact.name}: is the step of another method")
    for symbol, value in (declared(root) or {}).items():
        if values is not None and values.get(symbol) != value:
            return Open(fact, kind.word, who, f"{fact.name}: is true at {symbol} = {value} only")
    return Open(fact, kind.word, who)


def late_start(proof: Proof, fact: Fact, one: bool, drawn: tuple[Sample, ...]) -> str | None:
    """Why a bound does not start where the calculator's is: V_t <= c, with the calculator's bound at t at most c."""
    lhs, relation, rhs, *_ = said(fact)
    if one or relation != "<=" or lhs.func not in (gap_at, V_at) or not drawn:
        return f"{fact.name}: is no start of a bound"
    for sample in drawn:
        time, most = sample.at(lhs.args[0], 0), sample.at(rhs, 0)
        if time is None or most is None or float(sample.plan.bound(time, sample.start)) > most * (1 + ROUNDING):
            return f"{fact.name}: the calculator does not start there"
    return None


def condition(fact: Fact, kind: Any, drawn: tuple[Sample, ...], strict: bool) -> Open:
    """A condition on the parameters, which the calculator has to check where the claim is the theorem's."""
    left, strictly = spelt_out(gap(fact)), said(fact).relation == "<"
    if nonnegative(-left, {}, not strictly):
        return Open(fact, kind.word, PRINTED, f"{fact.name}: is never true")
    checked = [holds(fact, kind, sample) for sample in drawn]
    # A random plan never has the one value that x ≠ c leaves out.
    unequal = strictly and not left.is_Symbol and nonnegative(left, {}) and not nonnegative(left, {}, strict=True)
    if unequal or all(each is None for each in checked):
        return Open(fact, kind.word, PRINTED, f"{fact.name}: nothing checks it" if strict else None)
    failed = [sample for sample, each in zip(drawn, checked, strict=True) if not each]
    if not failed:
        return Open(fact, kind.word, CALCULATOR)
    plan = failed[0].plan
    where = f"γ = {plan.gamma:.6g}, ρ = {plan.rho:.6g}"
    wrong_ = f"{fact.name}: the calculator allows {where}, where it is not true" if strict else None
    return Open(fact, kind.word, PRINTED, wrong_)


def holds(fact: Fact, kind: Any, sample: Sample) -> bool | None:
    """Whether a condition is true of a plan, at each of its times; None if it has symbols without a value."""
    if kind.times is None:
        found = [true_at(fact, sample, time) for time in (TIMES if not sample.plan.schedule.constant else (0,))]
        return None if None in found else all(found)
    _, first, before = kind.times
    start, end = sample.at(first, 0), None if before is None else sample.at(before, 50)
    if start is None or (before is not None and end is None):
        return None
    times = [int(start) + time for time in TIMES if end is None or start + time < end]
    found = [true_at(fact, sample, time) for time in times]
    return None if None in found or not found else all(found)


def true_at(fact: Fact, sample: Sample, time: int) -> bool | None:
    """Whether a condition is true of a plan at a time."""
    lhs, relation, rhs, *_ = said(fact)
    left, right = sample.at(lhs, time), sample.at(rhs, time)
    if left is None or right is None or left != left or right != right:
        return None
    finite = abs(left) < float("inf") > abs(right)
    slack = ROUNDING * max(abs(left), abs(right)) if finite else 0.0
    if relation == "<":
        return left < right
    return abs(left - right) <= slack if relation == "=" else left <= right + slack


def instance_of(fact: Fact, root: Fact, values: Any) -> bool:
    """Whether a hypothesis is the declared one at these values of the symbols."""

    def at(x: sp.Expr) -> sp.Expr:
        return in_a(spelt_out(x).subs(values, simultaneous=True))

    sides = zip(said(fact)[::2], said(root)[::2], strict=False)
    return said(fact).relation == said(root).relation and all(same(x, at(y)) for x, y in list(sides)[:2])


def equal(fact: Fact, other: Fact) -> bool:
    """Whether two facts say the same."""
    relation, sides = said(fact).relation, (said(fact).lhs, said(other).lhs)
    return relation == said(other).relation and same(*sides) and same(gap(fact), gap(other))


def words(proof: Proof) -> set[str]:
    """The words of the declared hypotheses of a proof."""
    return {word(fact) or "" for claim in proof.claims for fact in said(claim).hypotheses}
