"""What a proof is made of: facts, each a relation between two expressions, and where it comes from.

A proof is the graph of the facts below its last ones.  The leaves are what the theorem assumes (`Hypothesis`) and
squares (`Square`); a `Step` follows from other facts by an identity, which `checker` verifies; a `Lemma` is an instance
of one of the standard lemmas of `lemmas`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from samtheory.theorems.symbols import lam

from .vectors import Vector

#: a = 1 - lam under one letter, so that nothing is lost in expanding it.
a = sp.Symbol("a", nonnegative=True)

#: What a name stands for: the very formulas of `theorems`.
MEANING: dict[sp.Dummy, sp.Expr] = {}


def define(name: str, meaning: Any) -> sp.Dummy:
    """A name for a formula, to be written in its place in the claims."""
    symbol = sp.Dummy(name, real=True)
    MEANING[symbol] = in_a(sp.sympify(meaning))
    return symbol


def in_a(formula: sp.Expr) -> sp.Expr:
    """The formula with every multiple of 1 - lam written as one of a."""

    def multiple(node: sp.Expr) -> bool:
        return bool(node.is_Add and node.free_symbols == {lam} and sp.cancel(node / (1 - lam)).is_number)

    return formula.replace(multiple, lambda node: sp.cancel(node / (1 - lam)) * a)


@dataclass(frozen=True, eq=False)
class Fact:
    """lhs <= rhs, lhs < rhs or lhs = rhs."""

    name: str
    lhs: sp.Expr
    relation: str
    rhs: sp.Expr

    def __post_init__(self) -> None:
        for side in ("lhs", "rhs"):
            object.__setattr__(self, side, sp.sympify(getattr(self, side)))

    @property
    def gap(self) -> sp.Expr:
        """rhs - lhs."""
        return self.rhs - self.lhs

    @property
    def premises(self) -> tuple[Fact, ...]:
        """The facts that this one follows from."""
        return ()

    def rebuilt(self, now: Callable[[Fact], Fact]) -> Fact:
        """The same fact from changed premises."""
        return self


@dataclass(frozen=True, eq=False)
class Hypothesis(Fact):
    """What is assumed.

    Attributes
    ----------
    word : a word of `constants.ASSUMPTIONS`, or "method", "sampling", "sign", "parameters", or "case"
    forall : symbols for all values of which it is assumed
    """

    word: str
    forall: tuple[sp.Symbol, ...] = ()


@dataclass(frozen=True, eq=False)
class Square(Fact):
    """0 <= root^2, for a real number or a vector."""

    root: Any = None


@dataclass(frozen=True, eq=False)
class Step(Fact):
    """A fact that follows from others: gap = sum of multiplier * gap of each, where no multiplier is negative.

    Attributes
    ----------
    by : the facts and their multipliers, which may be of any sign for an equation
    signs : facts that say which expressions among the multipliers are not negative
    iff : whether it is equivalent to the one inequality that it follows from
    """

    by: Mapping[Fact, sp.Expr]
    signs: tuple[Fact, ...] = ()
    iff: bool = False

    @property
    def premises(self) -> tuple[Fact, ...]:
        return (*self.by, *self.signs)

    def rebuilt(self, now: Callable[[Fact], Fact]) -> Fact:
        by = {now(fact): multiplier for fact, multiplier in self.by.items()}
        return replace(self, by=by, signs=tuple(map(now, self.signs)))


@dataclass(frozen=True, eq=False)
class Induction(Step):
    """A fact for every whole t >= first: there by `base`, at t + 1 by `by`, which may use the fact itself as `SELF`."""

    t: sp.Symbol = None
    first: Any = 0
    base: Mapping[Fact, sp.Expr] = field(default_factory=dict)

    @property
    def premises(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in (*self.by, *self.base, *self.signs) if fact is not SELF)

    def rebuilt(self, now: Callable[[Fact], Fact]) -> Fact:
        by = {fact if fact is SELF else now(fact): multiplier for fact, multiplier in self.by.items()}
        base = {now(fact): multiplier for fact, multiplier in self.base.items()}
        return replace(self, by=by, base=base, signs=tuple(map(now, self.signs)))


#: The induction hypothesis.
SELF = Fact("the same at t", sp.Integer(0), "<=", sp.Integer(0))
#: 0 < 1: with the multiplier r it is 0 <= r.
ONE = Fact("not negative", sp.Integer(0), "<", sp.Integer(1))


@dataclass(frozen=True, eq=False)
class Lemma(Fact):
    """An instance of a standard lemma.

    Attributes
    ----------
    lemma : a key of `lemmas.LEMMAS`
    of : the facts that the lemma is applied to
    make : (lhs, relation, rhs) from those facts; ValueError where the lemma does not apply
    discharged : for each of those, the hypotheses below it that the lemma does away with
    needs, positive : expressions that must not be negative, and that must be positive, by their form
    """

    lemma: str
    of: tuple[Fact, ...]
    make: Callable[..., tuple[sp.Expr, str, sp.Expr]]
    discharged: tuple[tuple[Fact, ...], ...] = ()
    needs: tuple[sp.Expr, ...] = ()
    positive: tuple[sp.Expr, ...] = ()

    @property
    def premises(self) -> tuple[Fact, ...]:
        return self.of

    def rebuilt(self, now: Callable[[Fact], Fact]) -> Fact:
        of = tuple(map(now, self.of))
        lhs, relation, rhs = self.make(*of)
        discharged = tuple(tuple(map(now, each)) for each in self.discharged)
        return replace(self, of=of, lhs=lhs, relation=relation, rhs=rhs, discharged=discharged)


def assume(word: str, name: str, lhs: Any, relation: str, rhs: Any, *forall: sp.Symbol) -> Hypothesis:
    """A hypothesis, see `Hypothesis`."""
    return Hypothesis(name, lhs, relation, rhs, word, forall)


def square(root: Any) -> Square:
    """0 <= root^2; of a vector, 0 <= ||root||^2."""
    value = root.norm2 if isinstance(root, Vector) else sp.sympify(root) ** 2
    return Square("a square", sp.Integer(0), "<=", value, root)


def step(name: str, lhs: Any, relation: str, rhs: Any, by: Mapping[Fact, Any], *signs: Fact, iff: bool = False) -> Step:
    """A step, see `Step`."""
    return Step(name, lhs, relation, rhs, _expressions(by), signs, iff)


def induction(
    name: str,
    t: sp.Symbol,
    lhs: Any,
    relation: str,
    rhs: Any,
    by: Mapping[Fact, Any],
    *signs: Fact,
    first: Any = 0,
    base: Mapping[Fact, Any] | None = None,
) -> Induction:
    """lhs <= rhs or lhs = rhs for every t >= first, see `Induction`."""
    both = _expressions(by), _expressions(base or {})
    return Induction(name, lhs, relation, rhs, both[0], signs, t=t, first=first, base=both[1])


def _expressions(by: Mapping[Fact, Any]) -> dict[Fact, sp.Expr]:
    return {fact: sp.sympify(multiplier) for fact, multiplier in by.items()}


def below(*facts: Fact) -> list[Fact]:
    """The facts and all that they rest on, premises first."""
    found: dict[Fact, None] = {}

    def visit(fact: Fact) -> None:
        if fact not in found:
            for premise in fact.premises:
                visit(premise)
            found[fact] = None

    for fact in facts:
        visit(fact)
    return list(found)


def assumed(fact: Fact) -> set[Hypothesis]:
    """The hypotheses that a fact rests on."""
    if isinstance(fact, Hypothesis):
        return {fact}
    done = fact.discharged if isinstance(fact, Lemma) and fact.discharged else ((),) * len(fact.premises)
    rest: set[Hypothesis] = set()
    for each, gone in zip(fact.premises, done, strict=True):
        rest |= {hypothesis for hypothesis in assumed(each) if hypothesis not in gone}
    return rest
