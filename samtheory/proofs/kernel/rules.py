"""The rules of logic and algebra: hypotheses, steps, induction, cases, instances, definitions, means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from samtheory.theorems.symbols import lam

from ..language.terms import (  # isort: skip
    DRAW, MEANING, NOTHING, OVER_TIME, STATE, E, Vector, a, a_at, delta, depends, dot, far, function, in_a, lam_at,
    mean_of, most, require, spelt_out, split, t, well_formed,
)  # fmt: skip
from .algebra import defined, follows, known_of, nonnegative, same
from .facts import Assumed, Conclusion, Fact, _assumed, conclude, gap, hypotheses, intact, local, rule, said, sides

#: Sequences by recursion: F -> (t, F(0), F(t + 1) with F(t) in it), and the constants that F depends on.
_recursions: dict[Any, tuple[sp.Symbol, sp.Expr, sp.Expr]] = {}
_constants: dict[Any, frozenset[sp.Symbol]] = {}
_numbers = count(1)
EMPTY: Mapping[Any, Any] = MappingProxyType({})


def is_time(name: str, t: Any) -> None:
    """Raise Flaw unless t is a symbol for 0, 1, 2, ... or for 1, 2, ..."""
    require(t.is_Symbol and t.is_integer and t.is_nonnegative, name, "{} is no time", t)


def hidden(*expressions: sp.Expr) -> frozenset[sp.Symbol]:
    """The constants that sequences in some expressions depend on."""
    calls = {call.func for x in expressions for call in spelt_out(x).atoms(AppliedUndef)}
    return frozenset().union(*(_constants[F] for F in calls & _constants.keys()))


def about(each: Fact) -> frozenset[sp.Symbol]:
    """The symbols that a hypothesis is about, those of its times and of its own hypotheses included."""
    times = _assumed[each].times or ()
    parts = [gap(each), *(end for end in times[1:] if end is not None)]
    found = frozenset().union(*(spelt_out(part).free_symbols for part in parts)) | hidden(*parts)
    return (found - {*times[:1]}).union(*map(about, _assumed[each].given))


@rule()
def hypothesis(name: str, word: str, lhs: Any, relation: str, rhs: Any, *, everywhere: bool = False, times: Any = None,
               given: tuple[Fact, ...] = ()) -> Any:  # fmt: skip
    """What is assumed: at this x and for this draw, or `everywhere`; at this t, or at all `times`."""
    for each in given:
        require(each in _assumed, name, f"{each.name} is no hypothesis")
    domain: tuple[Fact, ...] = ()
    if times is not None:
        t, first, before = times
        is_time(name, t)
        require(not any(end.has(t) for end in times[1:] if end is not None), name, f"{t} is in its own limits")
        domain = tuple(limits(t, first, None if before is None else before - 1))
    kind = Assumed(word, everywhere, times, frozenset(given))
    return (lhs, relation, rhs, given, hypotheses(*given, *domain), kind)


def limits(t: sp.Symbol, first: sp.Expr, last: sp.Expr | None) -> list[Fact]:
    """first <= t and t <= last, as hypotheses, unless they are true by themselves."""
    ends = [] if nonnegative(t - first, {}) else [(first, t)]
    ends += [] if last is None else [(t, last)]
    return [_limit(lower, upper) for lower, upper in ends]


def _limit(lower: sp.Expr, upper: sp.Expr, made: dict[Any, Fact] = {}) -> Fact:  # noqa: B006
    if (lower, upper) not in made:
        made[lower, upper] = hypothesis(f"{lower} ≤ {upper}", "time", lower, "<=", upper)
    return made[lower, upper]


@rule("a square")
def square(name: str, root: Any, *signs: Fact) -> Any:
    """0 <= root^2, for a number or a vector that is defined."""
    known = known_of(signs)
    for each in root.parts.values() if type(root) is Vector else (root,):
        defined(name, each, known)
    value = dot(root, root) if type(root) is Vector else root**2
    return conclude(0, "<=", value, *signs)


@rule("a sign")
def sign(name: str, x: sp.Symbol) -> Any:
    """0 < x or 0 <= x, by the type of the symbol."""
    require(x.is_Symbol and x.is_nonnegative, name, f"{x} may be negative")
    return Conclusion(0, "<" if x.is_positive else "<=", x)


@rule()
def positive_one(name: str) -> Any:
    """0 < 1."""
    return Conclusion(0, "<", 1)


#: 0 < 1: with the multiplier r it is 0 <= r.
ONE = positive_one("not negative")


@rule("a = 1 - λ")
def shares(name: str) -> Any:
    """a = 1 - lam: what the letter a stands for."""
    return Conclusion(a + lam, "=", 1)


@rule()
def step(name: str, lhs: Any, relation: str, rhs: Any, by: Mapping[Fact, Any], *signs: Fact, iff: bool = False) -> Any:
    """rhs - lhs = sum of m * (gap of a fact) over `by`; no m of an inequality is negative, by its form and `signs`."""
    known = known_of(signs)
    for each in (lhs, rhs, *sides(*by)):
        defined(name, each, known)
    follows(name, rhs - lhs, relation, [(m, fact) for fact, m in by.items()], known, iff)
    return conclude(lhs, relation, rhs, *by, *signs)


#: The induction hypothesis, in the certificate of an induction.
SELF = positive_one("the same at t")


@rule()
def induction(name: str, t: sp.Symbol, lhs: Any, relation: str, rhs: Any, by: Mapping[Fact, Any], *signs: Fact,
              first: Any = sp.S.Zero, last: Any = None, base: Mapping[Fact, Any] = EMPTY) -> Any:  # fmt: skip
    """A fact for first <= t <= last: at `first` by `base`, at t + 1 by `by`, which may use the fact itself as SELF.

    No hypothesis may be about this t: it is about the constants, or assumed for every first <= t < last.
    """
    is_time(name, t)
    require(first.is_integer and first.is_nonnegative and not first.has(t), name, f"{first} is no first time")
    require(first.is_positive or not t.is_positive, name, f"{t} is never {first}")
    require(last is None or not last.has(t), name, f"{last} is no last time")
    mine = hypothesis(name, "induction", lhs, relation, rhs)
    terms = [(m, mine if fact is SELF else fact) for fact, m in by.items()]
    others = [fact for fact in (*by, *signs) if fact is not SELF]
    found = general(name, hypotheses(*others, *base), t, first, last)
    for fact in base:
        require(not spelt_out(gap(fact)).has(t), name, f"{fact.name} is about t, not about the first time")
    known, of_signs = known_of(signs), known_of(fact for fact in signs if not spelt_out(gap(fact)).has(t))
    for each in (lhs, rhs, *sides(*others, *base)):
        require(t not in hidden(each), name, "is about a sequence that depends on t in another way")
        defined(name, each, known)
        defined(name, at_time(each, t, t + 1), known)
    follows(name, at_time(rhs - lhs, t, first), relation, [(m, fact) for fact, m in base.items()], of_signs)
    follows(name, at_time(rhs - lhs, t, t + 1), relation, terms, known)
    return Conclusion(lhs, relation, rhs, (*others, *base), found | hypotheses(*limits(t, first, last)))


def at_time(x: sp.Expr, t: sp.Symbol, time: sp.Expr) -> sp.Expr:
    """The expression at another time; only names that depend on the time are spelt out."""
    while names := {each for each in x.free_symbols & MEANING.keys() if spelt_out(each).has(t)}:
        x = x.xreplace({each: MEANING[each] for each in names})
    return x.subs(t, time)


def general(name: str, under: frozenset[Fact], t: sp.Symbol, first: sp.Expr, last: sp.Expr | None) -> frozenset[Fact]:
    """The hypotheses under which facts hold for every first <= t < last; raise Flaw if one is about this t."""
    rest = under - set(limits(t, first, None if last is None else last - 1))
    for each in sorted(rest, key=lambda each: (_assumed[each].times is None, each.name)):
        times = _assumed[each].times
        if times is not None and times[0] == t:
            late = times[2] is None or (last is not None and nonnegative(times[2] - last, {}))
            early = nonnegative(first - times[1], {})
            require(early and late, name, f"{each.name} is not assumed for every {first} ≤ t < {last}")
        require(t not in about(each), name, f"{each.name} is a hypothesis about this t")
    return rest


@rule()
def cases(name: str, first: tuple[Fact, Fact], second: tuple[Fact, Fact], *signs: Fact) -> Any:
    """A fact that is proved in two cases, (fact, case) each: 0 <= x and x <= 0, or 0 < x and x = 0 for an x >= 0."""
    (one, this), (other, that) = first, second
    for case in (this, that):
        kind = _assumed.get(case)
        require(kind and not (kind.everywhere or kind.times or kind.given), name, f"{case.name} is no case")
    relations, x = (said(this).relation, said(that).relation), gap(this)
    both = relations == ("<=", "<=") and same(x, -gap(that))
    part = relations == ("<", "=") and same(x, gap(that)) and nonnegative(x, known_of(signs))
    require(both or part, name, "the cases leave something out")
    equal = same(gap(one), gap(other)) and said(one).relation == said(other).relation
    require(equal, name, "the cases do not prove the same")
    rest = (said(one).hypotheses - {this}) | (said(other).hypotheses - {that})
    return Conclusion(*said(one)[:3], (one, this, other, that, *signs), rest | hypotheses(*signs))


@rule()
def instance(name: str, fact: Fact, values: Mapping[Any, Any], given: Mapping[Fact, Fact] = EMPTY, *signs: Fact) -> Any:
    """A fact with other values of its constants; `given` proves hypotheses, as they then read."""
    known, now = known_of(signs), {}
    for symbol, value in ((symbol, in_a(value)) for symbol, value in values.items()):
        require(symbol.is_Symbol and symbol not in MEANING, name, "{} is no symbol", symbol)
        require(max(depends(symbol), depends(value)) == NOTHING, name, "{} → {}: depends on the state", symbol, value)
        typed = nonnegative(value, known, bool(symbol.is_positive)) or not symbol.is_nonnegative
        require(typed and (value.is_integer or not symbol.is_integer), name, "{} → {}: of another type", symbol, value)
        defined(name, value, known)
        now[symbol] = value
    of_lam, of_a = now.get(lam, lam), now.get(a, a)
    at_time = {(lam, a), *((each, a_at(*each.args)) for each in (of_lam,) if each.func == lam_at)}
    require(of_a == 1 - of_lam or (of_lam, of_a) in at_time, name, "a is not 1 - λ any more")
    fixed = hidden(*sides(fact, *said(fact).hypotheses))
    require(not fixed & now.keys(), name, "is about a sequence of other constants")
    found: set[Fact] = set()
    for each in said(fact).hypotheses:
        if each in given:
            proof = said(given[each])
            relations = proof.relation, said(each).relation
            right = relations[0] == relations[1] or relations in (("=", "<="), ("<", "<="))
            proved = right and same(replaced(gap(each), now), gap(given[each]))
            require(proved, f"{name}: {each.name}", "something else is proved")
            kind, under = _assumed[each], proof.hypotheses
            here = [one.name for one, what in local(given[each]) if kind.everywhere and depends(what) > NOTHING]
            require(not here, f"{name}: {each.name}", f"is proved under {here} only")
            found |= under if kind.times is None else general(name, under, *moved_times(kind.times, now))
        else:
            found |= _moved(name, each, now)
    (lhs, relation, rhs, *_), under = said(fact), frozenset(found) | hypotheses(*signs)
    return Conclusion(replaced(lhs, now), relation, replaced(rhs, now), (fact, *given.values(), *signs), under)


def replaced(x: sp.Expr, now: Mapping[Any, sp.Expr]) -> sp.Expr:
    """An expression with other values of its symbols."""
    return in_a(spelt_out(x).xreplace(dict(now))) if spelt_out(x).free_symbols & now.keys() else x


def _moved(name: str, each: Fact, now: Mapping[Any, sp.Expr]) -> frozenset[Fact]:
    """What a hypothesis becomes."""
    lhs, relation, rhs, *_ = said(each)
    kind, bound = _assumed[each], _assumed[each].times
    if not about(each) & now.keys():
        return frozenset({each})
    if bound is not None:
        now = {symbol: value for symbol, value in now.items() if symbol != bound[0]}
        require(not any(value.has(bound[0]) for value in now.values()), name, f"{each.name} is about every t")
        bound = moved_times(bound, now)
    left, right = replaced(lhs, now), replaced(rhs, now)
    evident = same(left, right) or (relation == "<=" and nonnegative(right - left, {}))
    if evident and relation != "<" and not kind.given:
        return frozenset()
    given = frozenset().union(*(_moved(name, case, now) for case in kind.given))
    values = {**now, **{symbol: replaced(value, now) for symbol, value in kind.values.items()}}
    return frozenset({_substituted(each.name, left, relation, right, kind, bound, given, kind.root or each, values)})


def moved_times(times: tuple[Any, Any, Any], now: Mapping[Any, sp.Expr]) -> Any:
    """What the times of a hypothesis become."""
    t, *ends = times
    return (t, *(end if end is None else replaced(end, now) for end in ends))


@rule()
def _substituted(name: str, lhs: Any, relation: str, rhs: Any, kind: Assumed, bound: Any, given: Any, root: Fact,
                 values: Any) -> Any:  # fmt: skip
    """A hypothesis with other values of its symbols."""
    kind = Assumed(kind.word, kind.everywhere, bound, given, root, MappingProxyType(values))
    return (lhs, relation, rhs, tuple(given), given, kind)


def sequence(name: str, t: sp.Symbol, start: Any, following: Callable[[sp.Expr], Any]) -> tuple[Any, Fact, Fact]:
    """A function F of the time with F(0) = start and F(t + 1) = following(F(t)), and the two facts."""
    intact()
    is_time(name, t)
    start, before, least = well_formed(start), sp.Dummy("F", real=True), sp.Dummy("F", nonnegative=True)
    form = well_formed(following(before))
    grows = nonnegative(start, {}) and nonnegative(spelt_out(form).subs(before, least), {})
    F = function(f"{name}#{next(_numbers)}", "nonnegative" if grows else "real")
    after = form.subs(before, F(t))
    require(max(depends(start), depends(after)) == NOTHING and not start.has(t), name, "depends on the state")
    for each in (start, after):
        defined(name, each, {})
    _recursions[F] = t, start, after
    _constants[F] = (spelt_out(start + form).free_symbols | hidden(start, form)) - {t, before}
    return F, recursion(f"{name}_0", F, 0), recursion(f"{name}_{{t+1}}", F, t + 1)


def recursions() -> Mapping[Any, tuple[sp.Symbol, sp.Expr, sp.Expr]]:
    """The sequences: F -> (t, F(0), F(t + 1) with F(t) in it)."""
    return MappingProxyType(_recursions)


@rule()
def recursion(name: str, F: Any, time: Any) -> Any:
    """What F(0), or F(t + 1), is by definition."""
    t, start, after = _recursions[F]
    require(time in (0, t + 1), name, "no time of the definition")
    return Conclusion(F(time), "=", start if time == 0 else after)


#: The hypothesis of `somewhere`.
NOT_CONSTANT = hypothesis("f is not constant", "parameters", 0, "<", most, everywhere=True)


@rule()
def somewhere(name: str, fact: Fact, case: Fact) -> Any:
    """A fact about constants that is true where delta > 0, as f is not constant."""
    require(said(case).relation == "<" and same(gap(case), delta), name, f"{case.name} is not 0 < δ")
    at_x = [each.name for each, says in local(fact) if each is not case and depends(says) >= STATE]
    require(not at_x and max(map(depends, sides(fact))) < STATE, name, "is about this x")
    return Conclusion(*said(fact)[:3], (fact, case), (said(fact).hypotheses - {case}) | hypotheses(NOT_CONSTANT))


@rule("in the mean: {}")
def mean(name: str, fact: Fact) -> Any:
    """E of both sides, where no hypothesis is about this draw."""
    for each, says in local(fact):
        require(depends(says) < DRAW, name, f"{each.name} is a hypothesis about this draw")
    lhs, relation, rhs, *_ = said(fact)
    return Conclusion(mean_of(lhs), "=" if relation == "=" else "<=", mean_of(rhs), (fact,), said(fact).hypotheses)


@rule("{}, at every t")
def along(name: str, fact: Fact) -> Any:
    """A fact about one step, in the mean over x_t: linear in quantities of the step, no hypothesis about this x."""
    for each, says in local(fact):
        require(depends(says) < STATE, name, f"{each.name} is a hypothesis about this x")
    lhs, relation, rhs, *_ = said(fact)
    nearest = lhs == E(far) and relation == "<=" and not spelt_out(rhs, STATE).has(far)
    require(nearest or not spelt_out(lhs - rhs, STATE).has(far), name, "x* may be another minimiser at t + 1")
    under = frozenset(each if t not in about(each) else _at_every_t(each)
                      for each in said(fact).hypotheses if _assumed[each].everywhere)  # fmt: skip
    under |= {each for each, _ in local(fact)}
    left, right = (_over_time(name, side) for side in (lhs, rhs))
    return Conclusion(left, "=" if relation == "=" else "<=", right, (fact,), under)


def _over_time(name: str, x: sp.Expr) -> sp.Expr:
    """The mean over x_t of a sum, term by term."""
    terms = split(x, STATE)
    for _, state in terms:
        require(state == 1 or state in OVER_TIME, name, "has no mean over x_t: {}", state)
    return sp.Add(*(fixed * OVER_TIME.get(state, state) for fixed, state in terms))


def _at_every_t(each: Fact) -> Fact:
    """A hypothesis about the step, at every t."""
    lhs, relation, rhs, *_ = said(each)
    kind, times = _assumed[each], (t, sp.Integer(0), None)
    require(not kind.times, each.name, "is about this t and about others")
    return _substituted(each.name, lhs, relation, rhs, kind, times, kind.given, kind.root or each, kind.values)
