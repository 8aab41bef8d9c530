"""Expressions as Coq terms, and the setting s that gives the symbols their meaning at a point x and for a draw v."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..kernel.rules import recursions
from ..language.terms import (
    DRAW,
    MEANING,
    NOTHING,
    STATE,
    E,
    T,
    V_at,
    a,
    a_at,
    delta,
    depends,
    far,
    gap_at,
    grad2_at,
    grad_at,
    lam_at,
    new,
    slope,
    spelt_out,
    t,
)  # fmt: skip


class Untranslated(Exception):
    """Something that this export has no Coq term for."""


#: Names of the symbols whose letters Coq, the library or the lemmas use otherwise, or that read better in words.
WORDS = {
    "∇f": "grad", "x-x*": "offset", "e": "err", "g*": "g_star", "y-x": "shift", "δ": "delta", "γ": "gamma",
    "ρ": "rho", "λ": "lam", "R": "R_", "‖x⁺-x*‖²": "far", "q": "q_", "s⁺": "s_plus", "s⁻": "s_minus", "n": "n_",
}  # fmt: skip
LETTERS = {
    "γ": "gamma", "ρ": "rho", "λ": "lam", "μ": "mu", "δ": "delta", "α": "alpha", "κ": "kappa", "ν": "nu", "Λ": "Lambda",
    "ℒ": "Lcal", "β": "beta", "θ": "theta", "τ": "tau", "Σ": "sum_", "∇": "grad_", "√": "root_", "σ": "sigma",
    "ε": "eps", "⁺": "_plus", "⁻": "_minus", "₊": "_pos", "*": "_star", "′": "_prime", "²": "2", "\u0302": "_hat",
    "\u0304": "_bar", "⌈": "ceil_", **{small: str(i) for i, small in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
RESERVED = {
    *"s x v k S R E C D O I", "setting", "typed", "next", "draws", "x_0", "dot", "norm", "add", "scale", "mean", "exp",
    "ln", "sqrt", "pow", "INR", "always", "sum", "law", "space", "one", "after", "total", "paths", "a_at", "PI", "fix",
    "f", "l", "P", "fstar", "x0", "step", "move", "change", "sub", "perturbed", "iterates", "V", "Om", "below",
    "PL", "ER",
    "in", "if", "at", "as", "end", "fun", "let", "sin", "cos", "up", "Type", "Prop", "Set",
}  # fmt: skip


class Identifiers:
    """A Coq identifier for each key, no two the same."""

    def __init__(self) -> None:
        self.of: dict[Any, str] = {}
        self.taken = set(RESERVED)

    def __call__(self, key: Any, name: str) -> str:
        """The identifier of a key, like this name."""
        if key not in self.of:
            text = WORDS.get(name) or identifier(name)
            found, number = text, 2
            while found in self.taken:
                found, number = f"{text}_{number}", number + 1
            self.taken.add(found)
            self.of[key] = found
        return self.of[key]


def identifier(name: str) -> str:
    """A name in the letters that Coq allows."""
    text = "".join(LETTERS.get(letter, letter) for letter in name)
    text = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")[:28].strip("_") or "it"
    return text if text[0].isalpha() or text[0] == "_" else f"n_{text}"


@dataclass(frozen=True)
class Field:
    """A field of the setting: what it belongs to, and its type."""

    key: Any
    type: str
    words: str


def nothing(key: Any) -> None:
    """Declare nothing."""


@dataclass
class Setting:
    """What the symbols of the exported proofs are: the fields that they need."""

    names: Identifiers = field(default_factory=Identifiers)
    fields: dict[Any, Field] = field(default_factory=dict)
    #: The constants that an instance changes.
    changed: dict[sp.Symbol, None] = field(default_factory=dict)
    #: Called when a name or a sequence is used.
    declare: Callable[[Any], None] = nothing

    def field(self, key: Any, name: str, type_: str, words: str = "") -> str:
        """The identifier of a field."""
        found = self.names(key, name)
        self.fields.setdefault(key, Field(key, type_, words or name))
        return found

    def constant(self, symbol: sp.Symbol) -> str:
        """The field of a constant or of a time."""
        if symbol == a:
            self.field(symbol_lam, "lam", "R")
            return self.names(a, "a")
        return self.field(symbol, symbol.name, "nat" if symbol.is_integer else "R")

    def function(self, F: Any) -> str:
        """The function of a setting and a time."""
        name = F.__name__.split("#")[0]
        if F in OVER:
            return OVER[F]
        if F in recursions():
            self.declare(F)
            return self.names(F, name)
        if F == a_at:
            self.function(lam_at)
            return "a_at"
        return self.field(F, f"{name}_at", "nat -> R", f"{name} at each time")

    def vector(self, name: str, at: At) -> str:
        """A named vector."""
        level = depends(sp.Symbol(f"‖{name}‖", nonnegative=True))
        fixed = name in ("∇f", "x-x*")
        type_ = "S -> S" if fixed else "nat -> S -> S" if level < DRAW else "nat -> S -> Om -> S"
        return f"({self.field(('vector', name), name, type_)} {at.arguments(level, fixed)})"

    def at_point(self, symbol: sp.Symbol, at: At) -> str:
        """A number that depends on the point or the draw."""
        name = symbol.name
        if symbol == delta:
            return f"({self.field(delta, 'δ', 'S -> R', 'f - f*')} {at.s} {at.x})"
        if symbol == new:
            self.field(delta, "δ", "S -> R", "f - f*")
            return f"(delta {at.s} (next {at.s} {at.time()} {at.x} {at.v}))"
        if symbol == slope:
            self.field(("vector", "∇f"), "∇f", "S -> S")
            return f"(norm (grad {at.s} (next {at.s} {at.time()} {at.x} {at.v})) ^ 2)"
        if symbol == far:
            self.field(far, name, "nat -> S -> Om -> R", "the squared distance of x+ from x*")
            return f"(far {at.s} {at.time()} {at.x} {at.v})"
        if name.startswith("‖") and name.endswith("‖"):
            return f"(norm {self.vector(name[1:-1], at)})"
        if name.startswith("⟨"):
            first, second = name[1:-1].split(", ")
            return f"(dot {self.vector(first, at)} {self.vector(second, at)})"
        level = depends(symbol)
        type_ = "nat -> S -> R" if level < DRAW else "nat -> S -> Om -> R"
        return f"({self.field(symbol, name, type_)} {at.arguments(level, False)})"


symbol_lam = sp.Symbol("lam", nonnegative=True)
#: The means over x_t, defined in the file of the setting.
OVER: Mapping[Any, str] = {gap_at: "gap_at", grad2_at: "grad2_at", grad_at: "grad_at", V_at: "V_at"}


@dataclass(frozen=True)
class At:
    """Where an expression is evaluated: the names of setting, point, draw."""

    s: str = "s"
    x: str = "x"
    v: str = "v"

    def time(self) -> str:
        """The time of the setting."""
        return f"(t {self.s})"

    def arguments(self, level: int, fixed: bool) -> str:
        """The arguments of a field."""
        parts = [self.s, *([] if fixed else [self.time()]), self.x, *([self.v] if level == DRAW else [])]
        return " ".join(parts)


@dataclass(frozen=True)
class View:
    """What is put in the place of symbols, without evaluating the expression: other times, and values of constants."""

    times: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    values: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)

    @property
    def all(self) -> dict[sp.Symbol, sp.Expr]:
        """Every replacement."""
        return {**self.times, **self.values}

    def changes(self, x: sp.Expr) -> bool:
        """Whether something in an expression is replaced."""
        return bool(self.all) and not spelt_out(x).free_symbols.isdisjoint(self.all)

    def of(self, x: sp.Expr) -> sp.Expr:
        """The expression, with the names spelt out in which something is replaced, evaluated by SymPy."""
        if not self.all:
            return x
        while names := {name for name in x.free_symbols & MEANING.keys() if self.changes(name)}:
            x = x.xreplace({name: MEANING[name] for name in names})
        return x.subs(self.all, simultaneous=True)


PLAIN = View()


class Printer:
    """Expressions as Coq terms, form by form; `leaf` prints symbols and functions."""

    def __init__(
        self, leaf: Callable[[sp.Expr], str], nat: Callable[[sp.Symbol], str], opened: Collection[sp.Expr], view: View
    ):
        self.leaf, self.symbol_nat, self.opened, self.view = leaf, nat, opened, view

    def real(self, x: sp.Expr) -> str:
        """A real number."""
        if x in MEANING:
            return self.real(MEANING[x]) if self.opens(x) else self.leaf(x)
        if x.is_Symbol:
            if x in self.view.values:
                plain = Printer(self.leaf, self.symbol_nat, self.opened, PLAIN)
                if x == a and not self.view.values[a].has(AppliedUndef):  # as it is defined
                    return f"(1 - {plain.real(self.view.values[symbol_lam])})"
                value = self.view.values[x]
                if not (x.is_integer and value.as_coeff_Add()[0].is_negative):  # the predecessor of a time is a time
                    return plain.real(value)
            return f"(INR {self.nat(x)})" if x.is_integer else self.leaf(x)
        if x.is_Rational:
            return whole(x.p) if x.q == 1 else f"({whole(x.p)} / {x.q})"
        if x == sp.E:
            return "(exp 1)"
        if x == sp.pi:
            return "PI"
        if isinstance(x, AppliedUndef):
            return self.leaf(x if x.func == E else x.func(self.time(x.args[0])))
        parts = x.args
        if x.is_Add:
            return f"({' + '.join(map(self.real, parts))})"
        if x.is_Mul:
            return f"({' * '.join(map(self.real, parts))})"
        if isinstance(x, (sp.Max, sp.Min)):
            return nested("Rmax" if isinstance(x, sp.Max) else "Rmin", [self.real(part) for part in parts])
        if isinstance(x, (sp.exp, sp.log)):
            return f"({'exp' if isinstance(x, sp.exp) else 'ln'} {self.real(parts[0])})"
        if x.is_Pow:
            return self.power(*parts)
        raise Untranslated(str(x))

    def opens(self, name: sp.Expr) -> bool:
        """Whether a name is written out: all are, or something in it is replaced."""
        return name in self.opened or self.view.changes(name)

    def power(self, base: sp.Expr, exponent: sp.Expr) -> str:
        """base^exponent: b^(u - v) is b^u / b^v."""
        root, above, below = self.split(exponent)
        b = self.real(base)
        if not exponent.is_Rational:
            over, under = (f"{b} ^ {self.nat_of(part)}" for part in (above, below))
            over, under = (f"(sqrt ({part}))" if root else f"({part})" for part in (over, under))
            ups, downs = signs_in(exponent)
            if not downs:
                return over
            return f"(/ {under})" if not ups else f"({over} * / {under})"
        b = f"(sqrt {b})" if root else b
        n = max(int(above), int(below))
        text = b if n == 1 else f"({b} ^ {n})"
        return f"(/ {text})" if below != 0 else text

    def split(self, exponent: sp.Expr) -> tuple[bool, sp.Expr, sp.Expr]:
        """`split_exponent` at the times of this view."""
        root, above, below = split_exponent(exponent)
        return root, self.time(above), self.time(below)

    def time(self, x: sp.Expr) -> sp.Expr:
        """A time or exponent at the times of this view."""
        return x.subs({**self.view.times, **{s: y for s, y in self.view.values.items() if s.is_integer}})

    def nat(self, x: sp.Expr) -> str:
        """A time."""
        return self.nat_of(self.time(x))

    def nat_of(self, x: sp.Expr) -> str:
        """A sum of times and a whole number, which is -1 for a predecessor."""
        number, rest = sp.sympify(x).as_coeff_Add()
        if number == -1 and rest.is_positive:
            return f"(Nat.pred {self.nat_of(rest)})"
        if not (number.is_Integer and number >= 0):
            raise Untranslated(f"{x} is no natural number by its form")
        parts = []
        for term in sp.Add.make_args(rest) if rest != 0 else ():
            factor, symbol = term.as_coeff_Mul()
            if not (symbol.is_Symbol and factor.is_Integer and factor > 0):
                raise Untranslated(f"{x} is no natural number by its form")
            parts += [self.symbol_nat(symbol)] * int(factor)
        text = parts[0] if len(parts) == 1 else f"({' + '.join(parts)})%nat" if parts else "0%nat"
        if not parts:
            return f"{int(number)}%nat"
        for _ in range(int(number)):
            text = f"(Datatypes.S {text})"
        return text


def split_exponent(x: sp.Expr) -> tuple[bool, sp.Expr, sp.Expr]:
    """Whether a root is taken, and the terms that are added and subtracted in the exponent (doubled under a root)."""
    terms = sp.Add.make_args(sp.expand(x))
    half = any(term.as_coeff_Mul()[0].q == 2 for term in terms)
    terms = tuple((2 if half else 1) * term for term in terms)
    below = [term for term in terms if term.could_extract_minus_sign()]
    return half, sp.Add(*(term for term in terms if term not in below)), sp.Add(*(-term for term in below))


def signs_in(exponent: sp.Expr) -> tuple[bool, bool]:
    """Whether something is added in an exponent, and whether something is subtracted."""
    _, above, below = split_exponent(exponent)
    return above != 0, below != 0


def whole(n: int) -> str:
    """A whole number."""
    return str(n) if n >= 0 else f"(-{-n})"


def nested(function: str, parts: list[str]) -> str:
    """f(f(a, b), c)."""
    text = parts[0]
    for part in parts[1:]:
        text = f"({function} {text} {part})"
    return text


def environment(setting: Setting, at: At, opened: Collection[sp.Expr] = (), view: View = PLAIN) -> Printer:
    """The printer of expressions at a setting, a point and a draw."""

    def leaf(x: sp.Expr) -> str:
        if x in MEANING:
            setting.declare(x)
            return f"({setting.names(x, x.name)}{arguments(depends(x), at)})"
        if isinstance(x, AppliedUndef):
            if x.func == E:
                inner = environment(setting, At(at.s, at.x, "v"), opened)
                return f"(mean (draws {at.s}) (fun v => {inner.real(x.args[0])}))"
            return f"({setting.function(x.func)} {at.s} {printer.nat_of(x.args[0])})"
        if depends(x) == NOTHING:
            return f"({setting.constant(x)} {at.s})"
        return setting.at_point(x, at)

    printer = Printer(leaf, lambda symbol: f"({setting.constant(symbol)} {at.s})", opened, view)
    return printer


def arguments(level: int, at: At) -> str:
    """The arguments of what depends on this much."""
    parts = [at.s, *([at.x] if level >= STATE else []), *([at.v] if level == DRAW else [])]
    return " " + " ".join(parts)


__all__ = ["PLAIN", "At", "Printer", "Setting", "T", "Untranslated", "View", "arguments", "environment", "t"]
