"""Terms: numbers and vectors, what each depends on, names for formulas, the mean over a draw and over time.

x is fixed.  The draw v gives g = g_v(x), y = x + rho (a + lam/||g||) g, h = g_v(y) = g + e, x+ = x - gamma h.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn, final

import sympy as sp
from sympy.core.function import AppliedUndef

from samtheory.theorems.symbols import lam


class Flaw(Exception):
    """Reason why something does not follow."""


class Depends(IntEnum):
    """What a number depends on: constants and parameters only; the point x; the draw."""

    NOTHING, STATE, DRAW = range(3)


NOTHING, STATE, DRAW = Depends
_depends: dict[sp.Symbol, Depends] = {}
_meaning: dict[sp.Dummy, sp.Expr] = {}
_functions: dict[tuple[str, str], Any] = {}
#: What a name stands for.
MEANING: Mapping[sp.Dummy, sp.Expr] = MappingProxyType(_meaning)
#: The sets of assumptions of SymPy that a symbol may have: its sign and whether it is whole.
TYPES = tuple(sp.Symbol("_", **dict.fromkeys(words.split(), True)).assumptions0 for words in (
    "real", "nonnegative", "positive", "integer nonnegative", "integer positive"))  # fmt: skip
#: The classes of expressions, of rational numbers and of other numbers: these alone, and no subclass.
NODES = (sp.Add, sp.Mul, sp.Pow, sp.Max, sp.Min, sp.exp, sp.log)
RATIONAL = (sp.Integer, sp.Rational, *map(type, (sp.S.Zero, sp.S.One, sp.S.NegativeOne, sp.S.Half)))
IRRATIONAL = (type(sp.pi), type(sp.E))

#: a = 1 - lam under one letter, so that nothing is lost in expanding it.
a = sp.Symbol("a", nonnegative=True)
#: The mean over the draw, of what is left after linearity.
E = sp.Function("E", real=True)


def require(condition: Any, name: object, why: str, *of: object) -> None:
    """Raise Flaw unless a side condition is true; the {} in `why` are written out only then."""
    if not condition:
        raise Flaw(f"{name}: {why.format(*of) if of else why}")


def number(name: str, depends: Depends = NOTHING, nonnegative: bool = False) -> sp.Symbol:
    """A real number; one name has one meaning."""
    symbol = sp.Symbol(name, nonnegative=True) if nonnegative else sp.Symbol(name, real=True)
    require(_depends.setdefault(symbol, depends) == depends, name, "the name is taken")
    return symbol


def function(name: str, sign: str = "nonnegative") -> Any:
    """A function of the time; its sign is real, nonnegative or positive."""
    require(sign in ("real", "nonnegative", "positive"), name, f"{sign} is no sign")
    return _functions.setdefault((name, sign), sp.Function(name, **{sign: True}))


def define(name: str, meaning: Any) -> sp.Dummy:
    """A name for a formula, to be written in its place."""
    symbol = sp.Dummy(name, real=True)
    _meaning[symbol] = well_formed(in_a(sp.sympify(meaning)))
    return symbol


def in_a(formula: sp.Expr) -> sp.Expr:
    """The formula with every multiple of 1 - lam written as one of a."""

    def multiple(node: sp.Expr) -> bool:
        return bool(node.is_Add and node.free_symbols == {lam} and sp.cancel(node / (1 - lam)).is_number)

    return formula.replace(multiple, lambda node: sp.cancel(node / (1 - lam)) * a)


def well_formed(x: Any) -> sp.Expr:
    """The expression, if it is made of exact real numbers, typed symbols, known functions; raise Flaw otherwise.

    A symbol that is no number of the language is a constant from then on.
    """
    require(type(x) is int or isinstance(x, sp.Expr), type(x).__name__, "no number of the language")
    return _well_formed(sp.sympify(x))


@lru_cache(maxsize=2**16)
def _well_formed(x: sp.Expr) -> sp.Expr:
    for node in sp.preorder_traversal(x):
        if type(node) in (sp.Symbol, sp.Dummy):
            good = node.assumptions0 in TYPES
            _depends.setdefault(node, NOTHING)
        elif isinstance(node, AppliedUndef):
            times = len(node.args) == 1 and node.args[0].is_integer and node.args[0].is_nonnegative
            good = type(node) is E or (times and any(type(node) is each for each in _functions.values()))
        else:
            good = type(node) in (*NODES, *RATIONAL, *IRRATIONAL)
        require(good, node, "no real number by its form")
    return x


def depends(x: sp.Expr) -> Depends:
    """What an expression depends on."""
    if x in MEANING:
        return depends(MEANING[x])
    if x.func == E:
        return min(STATE, depends(x.args[0]))
    return max(map(depends, x.args), default=NOTHING) if x.args else _depends.get(x, NOTHING)


def spelt_out(x: sp.Expr, least: Depends = NOTHING) -> sp.Expr:
    """The expression with the names that depend on this much replaced by what they stand for."""
    while names := {name for name in x.free_symbols & MEANING.keys() if depends(name) >= least}:
        x = x.xreplace({name: MEANING[name] for name in names})
    return x


def split(x: sp.Expr, least: Depends) -> list[tuple[sp.Expr, sp.Expr]]:
    """The terms of a sum as (factor that depends on less, factor that depends on this much)."""
    return [parts(term, least) for term in sp.Add.make_args(sp.expand(spelt_out(x, least)))]


def parts(term: sp.Expr, least: Depends) -> tuple[sp.Expr, sp.Expr]:
    """A product as (factor that depends on less, factor that depends on this much)."""
    factors = sp.Mul.make_args(term)
    inner = [each for each in factors if depends(each) >= least]
    return sp.Mul(*(each for each in factors if depends(each) < least)), sp.Mul(*inner)


def mean_of(x: sp.Expr) -> sp.Expr:
    """E of a polynomial in what depends on the draw."""
    return sp.Add(*(fixed * E(random) if random != 1 else fixed for fixed, random in split(sp.sympify(x), DRAW)))


class Named(NamedTuple):
    """A vector with a name."""

    name: str
    depends: Depends

    @property
    def norm(self) -> sp.Symbol:
        """The norm, a number of its own."""
        return number(f"‖{self.name}‖", self.depends, nonnegative=True)


@final
class Vector:
    """A linear combination of named vectors: coefficients by name."""

    __slots__ = ("parts",)
    parts: Mapping[Named, sp.Expr]

    def __init__(self, parts: Mapping[Named, Any]) -> None:
        found = {each: well_formed(coefficient) for each, coefficient in parts.items()}
        require(all(type(each) is Named for each in found), str(list(found)), "no named vector")
        parts = MappingProxyType({each: coefficient for each, coefficient in found.items() if coefficient != 0})
        object.__setattr__(self, "parts", parts)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise Flaw("Vector: a vector cannot be changed")

    def __add__(self, other: Vector) -> Vector:
        names = {**self.parts, **other.parts}
        return Vector({each: self.parts.get(each, 0) + other.parts.get(each, 0) for each in names})

    def __sub__(self, other: Vector) -> Vector:
        return self + (-other)

    def __neg__(self) -> Vector:
        return self.__rmul__(-1)

    def __rmul__(self, number: Any) -> Vector:
        return Vector({each: number * coefficient for each, coefficient in self.parts.items()})

    def __truediv__(self, number: Any) -> Vector:
        return self.__rmul__(1 / sp.sympify(number))

    @property
    def norm2(self) -> sp.Expr:
        """The inner product with itself."""
        return dot(self, self)


def vector(name: str, depends: Depends = STATE) -> Vector:
    """The vector with this name."""
    named = Named(name, depends)
    require(named.norm.is_nonnegative, name, "no vector")
    return Vector({named: 1})


def norm(v: Vector) -> sp.Symbol:
    """The norm of a named vector, or of its opposite."""
    ((named, coefficient),) = v.parts.items()
    require(coefficient in (1, -1), named.name, "the norm of a multiple has no name")
    return named.norm


def dot(v: Vector, w: Vector) -> sp.Expr:
    """The inner product, bilinear in the named vectors."""
    return sp.Add(*(p * q * _inner(x, y) for x, p in v.parts.items() for y, q in w.parts.items()))


def _inner(x: Named, y: Named) -> sp.Expr:
    if x == y:
        return x.norm**2
    first, second = sorted((x.name, y.name), key=lambda name: (not name.startswith("∇"), name))
    return number(f"⟨{first}, {second}⟩", max(x.depends, y.depends))


# The step and its time.
t, T = sp.Symbol("t", integer=True, nonnegative=True), sp.Symbol("T", integer=True, positive=True)
grad, w, g, e = vector("∇f"), vector("x-x*"), vector("g", DRAW), vector("e", DRAW)
h = g + e
#: f(x) - f*, f(x+) - f*, ||grad f(x+)||^2 and ||x+ - x*||^2; x* is a minimiser nearest to x.
delta, new = number("δ", STATE, nonnegative=True), number("δ⁺", DRAW, nonnegative=True)
slope = number("‖∇f(x⁺)‖²", DRAW, nonnegative=True)
far = number("‖x⁺-x*‖²", DRAW, nonnegative=True)
#: The supremum of f - f*: no constant that may have any value.
most = number("sup δ", STATE, nonnegative=True)
G, M, V = define("G", norm(grad) ** 2), define("M", E(norm(g) ** 2)), define("V", norm(w) ** 2)
#: Means over x_t.
gap_at, grad2_at, grad_at, V_at = map(function, ("δ", "G", "E‖∇f‖", "V"))
#: gamma, rho, lam and a at time t.
gamma_at = function("γ", "positive")
rho_at, lam_at, a_at = map(function, ("ρ", "λ", "a"))
#: What x_{t+1} and x_t are in the mean.
OVER_TIME: Mapping[sp.Expr, sp.Expr] = MappingProxyType({
    E(new): gap_at(t + 1), E(slope): grad2_at(t + 1), E(far): V_at(t + 1), delta: gap_at(t), norm(grad): grad_at(t),
    norm(grad) ** 2: grad2_at(t), norm(w) ** 2: V_at(t), G: grad2_at(t), V: V_at(t),
})  # fmt: skip
