"""The same proof with something else in it: facts are made again by their rules, from changed arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ..kernel.facts import Fact
from ..kernel.rules import recursions, sequence
from ..language.terms import MEANING, Vector, define


class Changes:
    """What is put in the place of symbols, names and facts."""

    def __init__(self, symbols: Mapping[sp.Symbol, sp.Expr] | None = None) -> None:
        self.symbols = dict(symbols or {})
        self.functions: dict[Any, Any] = {}
        self.facts: dict[Fact, Fact] = {}
        self.known: dict[Any, Any] = {}

    def of(self, x: Any) -> Any:
        """Anything that a rule is applied to, with the changes in it."""
        if type(x) is Fact:
            return self.facts.get(x, x)
        if isinstance(x, sp.Basic):
            return self.expression(x)
        if type(x) is Vector:
            return Vector({named: self.of(m) for named, m in x.parts.items()})
        if isinstance(x, Mapping):
            return {self.of(key): self.of(value) for key, value in x.items()}
        if isinstance(x, tuple):
            return tuple(map(self.of, x))
        return self.function(x) if x in recursions() else x

    def expression(self, x: sp.Basic) -> Any:
        """An expression."""
        if not self.symbols or x in self.known:
            return self.known.get(x, x)
        for name in sorted(x.free_symbols & MEANING.keys(), key=str):
            self.name(name)
        changed = x.xreplace(self.symbols)
        for each in {call.func for call in changed.atoms(sp.Function) if call.func in recursions()}:
            if (other := self.function(each)) is not each:
                changed = changed.replace(each, other)
        self.known[x] = changed
        return changed

    def name(self, name: sp.Symbol) -> None:
        """A name whose meaning has a changed symbol in it gets a new one."""
        if name not in self.symbols and symbols_in(MEANING[name]) & self.symbols.keys():
            self.symbols[name] = define(name.name, self.expression(MEANING[name]))

    def function(self, F: Any) -> Any:
        """A sequence with a changed recursion."""
        if F not in self.functions:
            self.functions[F] = F
            t, first, after = recursions()[F]
            new = self.of(first), self.of(after)
            if new != (first, after):
                label = F.__name__.split("#")[0]
                self.functions[F] = sequence(label, t, new[0], lambda value: new[1].subs(F(t), value))[0]
        return self.functions[F]

    def again(self, fact: Fact, **arguments: Any) -> Fact:
        """The fact made again; raise Flaw where its rule does not apply any more."""
        call = fact.arguments
        of, more = call["of"], call["more"]
        named = () if call["titled"] else (fact.name,)
        made: Fact = call["rule"](*named, *map(self.of, of), **{key: self.of(value) for key, value in more.items()})
        return made

    def reach(self, fact: Fact) -> bool:
        """Whether a fact has something changed in it."""
        if any(premise in self.facts for premise in fact.premises):
            return True
        return bool(self.symbols) and any(self.changes(each) for each in (fact.arguments["of"], fact.arguments["more"]))

    def changes(self, x: Any) -> bool:
        """Whether something has a changed symbol in it."""
        if isinstance(x, sp.Basic):
            return bool(self.expression(x) != x)
        if type(x) is Vector:
            return any(map(self.changes, x.parts.values()))
        if isinstance(x, Mapping):
            return any(self.changes(key) or self.changes(value) for key, value in x.items())
        if isinstance(x, (tuple, list)):
            return any(map(self.changes, x))
        return x in recursions() and self.function(x) is not x if callable(x) else False


def symbols_in(x: sp.Expr) -> set[sp.Symbol]:
    """The symbols in an expression, and in what its names stand for."""
    found: set[sp.Symbol] = set()
    new = x.free_symbols
    while new:
        found |= new
        new = set().union(*(MEANING[name].free_symbols for name in new & MEANING.keys())) - found
    return found
