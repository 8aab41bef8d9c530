"""The standard lemmas, all that a proof may use beside identities; each function gives an instance.

An instance is computed from the facts that it is applied to: nothing of it is typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from samtheory.theorems.symbols import mu

from .arithmetic import is_zero
from .checker import Flaw, Obligation, numerator, spelt_out
from .facts import MEANING, Fact, Lemma, assumed, in_a
from .symbols import SIGNS, E, G, delta, gap_at, grad2_at, new, t
from .vectors import RANDOM, Vector, dot, involves, norm

Statement = tuple[sp.Expr, str, sp.Expr]

LEMMAS = {
    "expectation": "E is linear, and E X ≤ E Y where X ≤ Y for every draw; E E[X | x] = E X.",
    "Cauchy-Schwarz": "⟨v, w⟩ ≤ ‖v‖ ‖w‖, and E[X Y] ≤ √(E X²) √(E Y²).",
    "Jensen": "(E X)² ≤ E X².",
    "root": "x ≤ y where x² ≤ y² and y ≥ 0.",
    "cases": "What is true in every case is true.",
    "integral": "φ(1) - φ(0) is the integral of φ′ over [0, 1], and that of a larger function is larger.",
    "maximum": "A maximum is at least, and a minimum at most, each of its numbers, and is one of them.",
    "exponential": "1 + x ≤ e^x.",
    "e <= 3": "e ≤ 3.",
    "power": "r^u ≤ r^v where 0 < r ≤ 1 and v ≤ u.",
    "zeta": "The sum of 1/t² over t ≥ 1 is π²/6.",
    "slope": "p ≤ q where pδ ≤ qδ + r at every x: under PL x′ = ∇f(x) gives δ′ ≥ 2μδ, so that δ grows to infinity.",
    "quadratic growth": "f - f* ≥ (μ/2) dist(x, X*)² under PL (Karimi, Nutini, Schmidt 2016).",
    "instance": "What is proved for all values of the symbols is true of any that satisfy the hypotheses.",
    "Sion": "min max = max min for a function convex in one and linear in the other, over compact convex sets.",
}


def stated(name: str, lhs: sp.Expr, rhs: sp.Expr, lemma: str) -> Lemma:
    """lhs <= rhs, from nothing."""
    return Lemma(name, lhs, "<=", rhs, lemma, (), lambda: (lhs, "<=", rhs))


def mean_of(expression: sp.Expr) -> sp.Expr:
    """E of a polynomial in what depends on the draw."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(expression)):
        fixed, random = term.as_independent(*RANDOM, as_Add=False)
        total += fixed if random == 1 else fixed * E(random)
    return total


def mean(fact: Fact) -> Lemma:
    """E of both sides."""

    def make(fact: Fact) -> Statement:
        return mean_of(fact.lhs), "=" if fact.relation == "=" else "<=", mean_of(fact.rhs)

    return Lemma(f"in the mean: {fact.name}", *make(fact), "expectation", (fact,), make)


def cauchy_schwarz(v: Any, w: Any) -> Lemma:
    """<v, w> <= ||v|| ||w|| for named vectors."""
    return stated("Cauchy-Schwarz", dot(v, w), norm(v) * norm(w), "Cauchy-Schwarz")


def without(fact: Fact, v: Vector, zero: Fact) -> Lemma:
    """A fact with v = 0, from ||v|| = 0: by Cauchy-Schwarz the inner products with v are 0 too."""

    def make(fact: Fact, zero: Fact) -> Statement:
        require(zero.relation == "=" and zero.lhs == norm(v) and zero.rhs == 0, fact.name)
        gone = {symbol: 0 for symbol in spelt_out(fact.gap).free_symbols if involves(symbol, v)}
        return spelt_out(fact.lhs).subs(gone), fact.relation, spelt_out(fact.rhs).subs(gone)

    return Lemma(f"{fact.name}, {zero.name}", *make(fact, zero), "Cauchy-Schwarz", (fact, zero), make)


def cauchy_schwarz_mean(X: sp.Expr, Y: sp.Expr, x: sp.Expr, y: sp.Expr, *squares: Fact) -> Lemma:
    """E[X Y] <= x y where E X^2 = x^2 and E Y^2 = y^2, by definition or by `squares`, and x, y >= 0 by their form."""

    def make(*squares: Fact) -> Statement:
        for number, size in ((X, x), (Y, y)):
            known = any(same(E(number**2), each.lhs) and same(size**2, each.rhs) for each in squares)
            require(known or same(E(number**2), size**2), "Cauchy-Schwarz")
        return E(X * Y), "<=", x * y

    return Lemma("Cauchy-Schwarz", *make(*squares), "Cauchy-Schwarz", squares, make, needs=(x, y))


def root(name: str, x: sp.Expr, y: sp.Expr, squares: Fact) -> Lemma:
    """x <= y from x^2 <= y^2, where y >= 0 by its form."""

    def make(squares: Fact) -> Statement:
        require(same(squares.lhs, x**2) and squares.relation == "<=" and same(squares.rhs, y**2), name)
        return x, "<=", y

    return Lemma(name, *make(squares), "root", (squares,), make, needs=(y,))


def cases(name: str, first: tuple[Fact, ...], second: tuple[Fact, ...]) -> Lemma:
    """A fact that is proved in two cases; each is (fact, the case, *what is so by definition in that case).

    Nothing is left out where the cases are 0 <= x and x <= 0, or 0 < x and x = 0 for an x >= 0.
    """

    def make(one: Fact, other: Fact, this: Fact, that: Fact) -> Statement:
        both = this.relation == that.relation == "<=" and same(this.gap, -that.gap)
        split = (this.relation, that.relation) == ("<", "=") and same(this.gap, that.gap)
        require(both or split, name)
        require(same(one.gap, other.gap) and one.relation == other.relation, name)
        return one.lhs, one.relation, one.rhs

    this, that = first[1], second[1]
    of = first[0], second[0], this, that
    needs = (this.gap,) if (this.relation, that.relation) == ("<", "=") else ()
    return Lemma(name, *make(*of), "cases", of, make, (first[1:], second[1:], (this,), (that,)), needs)


def integral(name: str, lhs: sp.Expr, slope: Fact, s: sp.Symbol) -> Lemma:
    """lhs <= integral of the right side over s in [0, 1], where lhs is that of the left side."""

    def make(slope: Fact) -> Statement:
        return lhs, "<=", sp.integrate(sp.expand(slope.rhs), (s, 0, 1))

    return Lemma(name, *make(slope), "integral", (slope,), make)


def instance(name: str, fact: Fact, values: Mapping[Any, Any], given: Mapping[Fact, Fact] | None = None) -> Lemma:
    """A fact with other values of its symbols; `given` proves each hypothesis that changes, as it then reads."""
    given = given or {}
    moved = set().union(*(sp.sympify(each).free_symbols for each in values))

    def at(expression: sp.Expr) -> sp.Expr:
        return in_a(sp.sympify(spelt_out(expression).subs(values)))

    def make(fact: Fact, *proofs: Fact) -> Statement:
        for hypothesis, proof in zip(given, proofs, strict=True):
            follows = proof.relation == hypothesis.relation or (proof.relation, hypothesis.relation) == ("=", "<=")
            require(follows and same(at(hypothesis.gap), proof.gap), f"{name}: {hypothesis.name}")
        for hypothesis in assumed(fact) - set(given):
            kept = not (hypothesis.gap.free_symbols - set(hypothesis.forall)) & moved
            trivial = hypothesis.relation != "<" and same(at(hypothesis.gap), sp.Integer(0))
            require(kept or trivial or same(at(hypothesis.gap), hypothesis.gap), f"{name}: {hypothesis.name}")
        return at(fact.lhs), fact.relation, at(fact.rhs)

    of = (fact, *given.values())
    signs: dict[str, list[sp.Expr]] = {"<=": [], "<": []}
    for symbol in values.keys() & SIGNS.keys():
        signs[SIGNS[symbol].relation].append(sp.sympify(values[symbol]))
    discharged = (tuple(given), *((),) * len(given))
    return Lemma(name, *make(*of), "instance", of, make, discharged, tuple(signs["<="]), tuple(signs["<"]))


def unfolded(x: sp.Expr) -> sp.Expr:
    """What a name stands for, the names in it kept."""
    while x in MEANING:
        x = MEANING[x]
    return x


def numbers(extreme: sp.Expr) -> tuple[sp.Expr, ...]:
    """The numbers of which something is the maximum or minimum."""
    found = unfolded(extreme)
    require(isinstance(found, (sp.Max, sp.Min)), f"{extreme}")
    return tuple(found.args)


def at_least(maximum: sp.Max, x: sp.Expr) -> Lemma:
    """x <= max, for one of the numbers of a maximum."""

    def make() -> Statement:
        require(any(same(x, each) for each in numbers(maximum)), f"{x} in {maximum}")
        return x, "<=", maximum

    return Lemma("a maximum", *make(), "maximum", (), make)


def at_most(minimum: sp.Min, x: sp.Expr) -> Lemma:
    """min <= x, for one of the numbers of a minimum."""

    def make() -> Statement:
        require(any(same(x, each) for each in numbers(minimum)), f"{x} in {minimum}")
        return minimum, "<=", x

    return Lemma("a minimum", *make(), "maximum", (), make)


def smallest(name: str, x: sp.Expr, minimum: sp.Expr, *facts: Fact) -> Lemma:
    """x <= min, where the facts say x <= each of the numbers of the minimum."""

    def make(*facts: Fact) -> Statement:
        require(all(fact.relation == "<=" and same(fact.lhs, x) for fact in facts), name)
        require(all(any(same(fact.rhs, each) for fact in facts) for each in numbers(minimum)), name)
        return x, "<=", minimum

    return Lemma(name, *make(*facts), "maximum", facts, make)


def greatest(name: str, maximum: sp.Expr, y: sp.Expr, *facts: Fact, times: Any = 1) -> Lemma:
    """times * max <= y, or < y, where each fact says so of times * one of the numbers, times >= 0 by its form."""
    factor = sp.sympify(times)

    def make(*facts: Fact) -> Statement:
        relation = facts[0].relation
        require(all(fact.relation == relation and same(fact.rhs, y) for fact in facts), name)
        require(all(any(same(fact.lhs, factor * each) for fact in facts) for each in numbers(maximum)), name)
        return factor * maximum, relation, y

    return Lemma(name, *make(*facts), "maximum", facts, make, needs=(factor,))


def sion(name: str, member: tuple[Any, Any, Any], worst: sp.Expr, G: sp.Symbol, best: Mapping[Any, Any]) -> Lemma:
    """The best member is as large as the worst value: min over b of max over the wedge = max of min.

    A member (growth, slope, rest) is linear in delta and G, convex in each b and without products of two of them, and
    least at `best`, where it is `worst`.
    """
    growth, slope, rest = member
    value = (1 + growth) * delta + slope * G + rest
    bs = tuple(best)

    def make() -> Statement:
        require(linear(value, delta, G), name)
        require(all(sp.simplify(sp.diff(value, b, c)) == 0 for b in bs for c in bs if b != c), name)
        require(all(numerator(sp.diff(value, b).subs(best)) == 0 for b in bs), name)
        require(numerator(value.subs(best) - worst) == 0, name)
        left, right = (sp.Symbol(text) for text in ("min_b max_{δ, G} member", "max_{δ, G} δ + U"))
        return left, "=", right

    convex = tuple(sp.factor(sp.diff(value, b, 2)) for b in bs)
    return Lemma(name, *make(), "Sion", (), make, needs=convex)


def jensen(name: str, first: sp.Symbol, second: sp.Expr) -> Lemma:
    """first^2 <= second, the first and second moments of one random number."""
    return stated(name, first**2, second, "Jensen")


def quadratic_growth(distance2: sp.Expr, PL: Fact) -> Lemma:
    """(mu/2) dist^2 <= delta from 2 mu delta <= G, for the distance to the nearest minimiser."""

    def make(PL: Fact) -> Statement:
        require(PL.relation == "<=" and same(PL.gap, G - 2 * mu * delta), "quadratic growth")
        return mu / 2 * distance2, "<=", delta

    return Lemma("quadratic growth", *make(PL), "quadratic growth", (PL,), make)


def grows(x: sp.Expr, short: Fact) -> Lemma:
    """(1 + x)^t <= e^(x t) <= e from x t <= 1 and x >= 0."""

    def make(short: Fact) -> Statement:
        require(short.relation == "<=" and same(short.gap, 1 - x * t), short.name)
        return (1 + x) ** t, "<=", sp.E

    return Lemma("growth", *make(short), "exponential", (short,), make, needs=(x,))


def fades(x: sp.Expr, n: sp.Symbol, contracts: Fact, positive: Fact) -> Lemma:
    """(x n/2)^2 (1 - x)^n <= (x n/2)^2 e^(-x n) <= e^-2, as u <= e^(u - 1), from 0 <= 1 - x and 0 < x."""

    def make(contracts: Fact, positive: Fact) -> Statement:
        right = contracts.relation == "<=" and same(contracts.gap, 1 - x)
        require(right and positive.relation == "<" and same(positive.gap, x), "it fades")
        return (x * n / 2) ** 2 * (1 - x) ** n, "<=", sp.exp(-2)

    facts = contracts, positive
    return Lemma("it fades", *make(*facts), "exponential", facts, make, needs=(n,))


def power(r: sp.Expr, below: Fact, order: Fact, *signs: Fact) -> Lemma:
    """r^u <= r^v from 0 < r <= 1 and v <= u."""

    def make(below: Fact, order: Fact, positive: Fact) -> Statement:
        right = same(below.gap, 1 - r) and same(positive.gap, r) and positive.relation == "<"
        require(right and order.relation == "<=", "powers decrease")
        return r**order.rhs, "<=", r**order.lhs

    facts = below, order, *signs
    return Lemma("powers decrease", *make(*facts), "power", facts, make)


def zeta(total: sp.Expr) -> Lemma:
    """The sum of 1/j^2 over 1 <= j <= t, `total`, is at most pi^2/6."""
    return stated("the sum of 1/j²", total, sp.pi**2 / 6, "zeta")


#: e <= 3.
E_3 = stated("e ≤ 3", sp.E, sp.Integer(3), "e <= 3")


def slope(name: str, p: sp.Expr, q: sp.Expr, line: Fact, PL: Fact, not_constant: Fact) -> Lemma:
    """p <= q from p delta <= q delta + r at every x, r free of delta, for f that is PL and not constant."""

    def make(line: Fact, PL: Fact, not_constant: Fact) -> Statement:
        rest = sp.expand(spelt_out(line.gap - (q - p) * delta))
        grows = same(PL.gap, G - 2 * mu * delta) and same(not_constant.gap, delta)
        require(line.relation == "<=" and not rest.has(delta) and grows, name)
        return p, "<=", q

    facts = line, PL, not_constant
    return Lemma(name, *make(*facts), "slope", facts, make)


def along(fact: Fact, others: Mapping[Any, Any] | None = None) -> Lemma:
    """A one-step fact, linear in delta, G and the keys of `others`, at x_t and in the mean over x_t."""
    at_t = {delta: gap_at(t), G: grad2_at(t), **(others or {})}

    def at(expression: sp.Expr) -> sp.Expr:
        return expression.subs({E(new): gap_at(t + 1), **at_t})

    def make(fact: Fact) -> Statement:
        gap = at(fact.gap)
        require(gap.free_symbols.isdisjoint(RANDOM) and linear(gap, *at_t.values()), fact.name)
        return at(fact.lhs), fact.relation, at(fact.rhs)

    return Lemma(f"{fact.name}, at every t", *make(fact), "expectation", (fact,), make)


def linear(expression: sp.Expr, *atoms: sp.Expr) -> bool:
    """Whether an expression is linear in the atoms together."""
    return all(sp.expand(sp.diff(expression, x, y)) == 0 for x in atoms for y in atoms)


def decays(name: str, start: sp.Expr, target: sp.Expr, long: Fact, contracts: Fact) -> Lemma:
    """start q^t <= start e^(-(1 - q) t) <= target from log(start/target) <= (1 - q) t and 0 <= q."""

    def make(long: Fact, contracts: Fact) -> Statement:
        q = contracts.gap
        require(long.relation == "<=" and same(long.gap, (1 - q) * t - sp.log(start / target)), name)
        return start * q**t, "<=", target

    return Lemma(name, *make(long, contracts), "exponential", (long, contracts), make, needs=(start,))


def same(x: sp.Expr, y: sp.Expr) -> bool:
    """Whether two expressions are equal."""
    left = spelt_out(x - y)
    return is_zero(Obligation(left, ()), fresh=False) and bool(numerator(left) == 0)


def require(condition: bool, name: str) -> None:
    """Raises Flaw where a lemma is applied to what it does not cover."""
    if not condition:
        raise Flaw(f"{name}: the lemma does not apply")
