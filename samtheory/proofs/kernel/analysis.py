"""The standard lemmas; each rule gives an instance, computed from the facts that it is applied to."""

from __future__ import annotations

from typing import Any

import sympy as sp

from samtheory.theorems.symbols import mu

from ..language import terms
from ..language.terms import MEANING, STATE, E, G, V, Vector, delta, depends, dot, norm, require, spelt_out, t
from . import algebra, facts, rules
from .algebra import defined, known_of, nonnegative, same
from .facts import Fact, conclude, gap, local, rule, said, seal
from .rules import NOT_CONSTANT, _recursions


def says(name: str, fact: Fact, difference: Any, relation: str = "<=") -> None:
    """Raise Flaw unless a fact is 0 <= difference."""
    right = said(fact).relation == relation and same(gap(fact), sp.sympify(difference))
    require(right, name, f"{fact.name} says something else")


def signed(name: str, *expressions: Any) -> None:
    """Raise Flaw unless expressions are not negative by their form."""
    for each in map(sp.sympify, expressions):
        require(nonnegative(each, {}), name, "nothing says that {} is not negative", each)
        defined(name, each, {})


@rule("Cauchy-Schwarz")
def cauchy_schwarz(name: str, v: Vector, w: Vector) -> Any:
    """<v, w> <= ||v|| ||w|| for named vectors."""
    return conclude(dot(v, w), "<=", norm(v) * norm(w))


@rule("Cauchy-Schwarz")
def cauchy_schwarz_mean(name: str, X: Any, Y: Any, x: Any, y: Any, *squares: Fact) -> Any:
    """E[X Y] <= x y where E X^2 = x^2 and E Y^2 = y^2, by definition or by `squares`, and x, y >= 0 by their form."""
    signed(name, x, y)
    for each, size in ((X, x), (Y, y)):
        stated = any(said(one).relation == "=" and same(gap(one), size**2 - E(each**2)) for one in squares)
        require(stated or same(E(each**2), size**2), name, f"nothing says that E {each}² = {size}²")
    return conclude(E(X * Y), "<=", x * y, *squares)


@rule()
def root(name: str, x: Any, y: Any, squares: Fact) -> Any:
    """x <= y from x^2 <= y^2, where y >= 0 by its form."""
    says(name, squares, y**2 - x**2)
    signed(name, y)
    defined(name, sp.sympify(x), {})
    return conclude(x, "<=", y, squares)


def numbers(extreme: Any) -> tuple[bool, tuple[sp.Expr, ...]]:
    """Whether something is a maximum, not a minimum, and its numbers."""
    while extreme in MEANING:
        extreme = MEANING[extreme]
    require(isinstance(extreme, (sp.Max, sp.Min)), str(extreme), "no maximum or minimum")
    return isinstance(extreme, sp.Max), extreme.args


@rule("one of the numbers")
def one_of(name: str, extreme: Any, x: Any) -> Any:
    """x <= max, or min <= x, for one of the numbers of a maximum or minimum."""
    largest, among = numbers(extreme)
    require(any(same(sp.sympify(x), each) for each in among), name, f"{x} is none of the numbers")
    return conclude(x, "<=", extreme) if largest else conclude(extreme, "<=", x)


@rule()
def all_of(name: str, extreme: Any, y: Any, *facts: Fact, times: Any = 1) -> Any:
    """times * max <= y, or y <= times * min (or <), if the facts say so of each number; times >= 0 by its form."""
    (largest, among), factor, relation = numbers(extreme), sp.sympify(times), said(facts[0]).relation
    signed(name, factor)
    require(relation != "=", name, "no inequality")
    for each in among:
        difference = y - factor * each if largest else factor * each - y
        stated = any(said(fact).relation == relation and same(gap(fact), difference) for fact in facts)
        require(stated, name, f"nothing is said of {each}")
    return conclude(*((factor * extreme, relation, y) if largest else (y, relation, factor * extreme)), *facts)


@rule("1 + u ≤ e^u")
def tangent(name: str, u: Any, *signs: Fact) -> Any:
    """1 + u <= e^u, for any number u that is defined."""
    defined(name, u, known_of(signs))
    return conclude(1 + u, "<=", sp.exp(u), *signs)


@rule("powers decrease")
def power(name: str, r: Any, u: Any, v: Any, below: Fact, order: Fact, positive: Fact) -> Any:
    """r^u <= r^v from 0 < r <= 1 and v <= u."""
    says(name, below, 1 - r)
    says(name, order, u - v)
    says(name, positive, r, "<")
    return conclude(r**u, "<=", r**v, below, order, positive)


@rule("the sum of 1/j²")
def zeta(name: str, F: Any, n: Any) -> Any:
    """F(n) <= pi^2/6 where F(0) = 0 and F(t + 1) = F(t) + 1/(t + 1)^2."""
    s, start, after = _recursions.get(F, (t, 1, 1))
    require(start == 0 and same(after, F(s) + 1 / (s + 1) ** 2), name, "another sum")
    return conclude(F(n), "<=", sp.pi**2 / 6)


def everywhere(name: str, *facts: Fact) -> None:
    """Raise Flaw if a fact is known at this x only."""
    at_x = [each.name for fact in facts for each, what in local(fact) if depends(what) >= STATE]
    require(not at_x, name, f"only at this x: {at_x}")


@rule()
def slope(name: str, p: Any, q: Any, line: Fact, PL: Fact) -> Any:
    """p <= q from p delta <= q delta + r at every x, p, q and r constants, for f that is PL and not constant."""
    rest = sp.expand(spelt_out(gap(line) - (q - p) * delta))
    require(max(map(depends, (rest, sp.sympify(p), sp.sympify(q)))) < STATE, name, f"{rest} depends on x")
    says(name, PL, G - 2 * mu * delta)
    require(said(line).relation == "<=", name, "no inequality")
    everywhere(name, line, PL)
    return conclude(p, "<=", q, line, PL, NOT_CONSTANT)


@rule("quadratic growth")
def quadratic_growth(name: str, PL: Fact) -> Any:
    """(mu/2) ||x - x*||^2 <= delta for the nearest minimiser, from 2 mu delta <= ||grad f||^2 everywhere."""
    says(name, PL, G - 2 * mu * delta)
    everywhere(name, PL)
    return conclude(mu / 2 * V, "<=", delta, PL)


seal(vars(terms), vars(facts), vars(algebra), vars(rules), globals())
