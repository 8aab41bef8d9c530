"""Facts: lhs <= rhs, lhs < rhs or lhs = rhs under hypotheses; only the rules of the kernel make one.

The kernel reads a fact from its own register.  A copy, a changed fact, or one made without a rule is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, NamedTuple, final
from weakref import WeakKeyDictionary

import sympy as sp
from sympy.core.function import UndefinedFunction

from ..language.terms import Flaw, Vector, require, spelt_out, well_formed


@final
class Fact:
    """What a rule has concluded: lhs, relation, rhs, the premises and hypotheses, the rule and its arguments."""

    __slots__ = ("__weakref__", "arguments", "hypotheses", "lhs", "name", "premises", "relation", "rhs", "rule")
    name: str
    lhs: sp.Expr
    relation: str
    rhs: sp.Expr
    premises: tuple[Fact, ...]
    hypotheses: frozenset[Fact]
    rule: str
    arguments: Mapping[str, Any]

    def __new__(cls, *arguments: Any, **more: Any) -> Fact:
        raise Flaw("Fact: only the rules of the kernel make one")

    def __init_subclass__(cls) -> None:
        raise Flaw("Fact: has no subclasses")

    def __setattr__(self, name: str, value: Any = None) -> None:
        raise Flaw("Fact: a fact cannot be changed")

    __delattr__ = __setattr__

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise Flaw("Fact: a fact cannot be copied")

    def __repr__(self) -> str:
        return f"{self.name}: {self.lhs} {self.relation} {self.rhs}"

    @property
    def gap(self) -> sp.Expr:
        """rhs - lhs."""
        return self.rhs - self.lhs


class Conclusion(NamedTuple):
    """What a rule concludes."""

    lhs: Any
    relation: str
    rhs: Any
    premises: tuple[Fact, ...] = ()
    hypotheses: frozenset[Fact] = frozenset()


class Assumed(NamedTuple):
    """How a hypothesis is meant.

    Attributes
    ----------
    word : the assumption, or what else it is
    everywhere : whether it is assumed at every x and for every draw
    times : (symbol, first, before) where it is assumed for every first <= symbol < before (None: without end)
    given : the hypotheses under which it is assumed
    root, values : the hypothesis that this one is an instance of, and the values of the symbols
    """

    word: str
    everywhere: bool = False
    times: tuple[Any, Any, Any] | None = None
    given: frozenset[Fact] = frozenset()
    root: Fact | None = None
    values: Mapping[sp.Symbol, sp.Expr] = MappingProxyType({})


_made: WeakKeyDictionary[Fact, Conclusion] = WeakKeyDictionary()
_assumed: WeakKeyDictionary[Fact, Assumed] = WeakKeyDictionary()
#: The modules of the kernel and what they define, once all rules exist.
_sealed: list[tuple[dict[str, Any], dict[str, tuple[Any, Any]]]] = []


def said(fact: Any) -> Conclusion:
    """What the kernel has concluded; raise Flaw if it has not concluded this fact."""
    known = _made.get(fact) if type(fact) is Fact else None
    if known is None:
        raise Flaw(f"{getattr(fact, 'name', type(fact).__name__)}: no rule of the kernel has made this fact")
    now = (fact.lhs, fact.relation, fact.rhs, fact.premises, fact.hypotheses)
    require(all(x is y for x, y in zip(known, now, strict=True)), fact.name, "the fact has been changed")
    return known


def assumed(fact: Fact) -> Assumed | None:
    """How a hypothesis is meant; None for any other fact."""
    said(fact)
    return _assumed.get(fact)


def rule(title: str = "") -> Callable[[Callable[..., Any]], Callable[..., Fact]]:
    """A rule: a function of a name and arguments to a `Conclusion`, with `Assumed` at its end for a hypothesis.

    `title` is the name where the rule gives it; {} in it is the name of the fact that the rule is applied to.
    """

    def made(make: Callable[..., Any]) -> Callable[..., Fact]:
        require(not _sealed, make.__name__, "the kernel has no more rules")

        @wraps(make)
        def apply(*arguments: Any, **more: Any) -> Fact:
            intact()
            arguments, more = taken(arguments), taken(more)
            of_first = getattr(arguments[0], "name", "") if arguments else ""
            name, *of = (title.format(of_first), *arguments) if title else arguments
            lhs, relation, rhs, premises, under, *kind = make(name, *of, **more)
            require(relation in ("<=", "<", "="), name, f"{relation} is no relation")
            fact = object.__new__(Fact)
            under = frozenset(under) | ({fact} if kind else frozenset())
            content = Conclusion(well_formed(lhs), relation, well_formed(rhs), tuple(premises), under)
            call = {"rule": apply, "of": tuple(of), "more": more, "titled": bool(title)}
            for key, value in {"name": name, "rule": make.__name__, "arguments": call, **content._asdict()}.items():
                object.__setattr__(fact, key, value)
            _made[fact] = content
            if kind:
                _assumed[fact] = kind[0]
            return fact

        return apply

    return made


def taken(x: Any) -> Any:
    """An argument of a rule as it is now: nothing that could answer differently when it is asked again."""
    if isinstance(x, tuple) and type(x) is not Assumed:
        return tuple(map(taken, x))
    if isinstance(x, Mapping):
        return {taken(key): taken(value) for key, value in x.items()}
    plain = x is None or type(x) in (str, bool, frozenset, Fact, Vector, Assumed, UndefinedFunction)
    return x if plain else well_formed(x)


def seal(*modules: dict[str, Any]) -> None:
    """Allow no more rules, and no other functions in the kernel."""
    for names in modules:
        parts = {name: x for name, x in names.items() if callable(x)}
        _sealed.append((names, {name: (x, getattr(x, "__code__", None)) for name, x in parts.items()}))


def intact() -> None:
    """Raise Flaw if a function of the kernel is another than it was."""
    for names, parts in _sealed:
        for name, (part, code) in parts.items():
            same = names.get(name) is part and getattr(part, "__code__", None) is code
            require(same, name, "the kernel has been changed")


def gap(fact: Fact) -> sp.Expr:
    """rhs - lhs."""
    return said(fact).rhs - said(fact).lhs


def sides(*facts: Fact) -> list[sp.Expr]:
    """The left and right sides of several facts."""
    return [side for fact in facts for side in (said(fact).lhs, said(fact).rhs)]


def hypotheses(*facts: Fact) -> frozenset[Fact]:
    """The hypotheses of several facts."""
    return frozenset().union(*(said(fact).hypotheses for fact in facts))


def conclude(lhs: Any, relation: str, rhs: Any, *facts: Fact) -> Conclusion:
    """A conclusion from facts, under their hypotheses."""
    return Conclusion(lhs, relation, rhs, facts, hypotheses(*facts))


def local(fact: Fact) -> list[tuple[Fact, sp.Expr]]:
    """The hypotheses that are not assumed everywhere, each with what it says, spelt out."""
    return [(each, spelt_out(gap(each))) for each in said(fact).hypotheses if not _assumed[each].everywhere]
