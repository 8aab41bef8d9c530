"""What the theorems assume, and what the methods do, as facts at the points that a proof asks for.

These are the only hypotheses that a theorem may rest on beside its limits on the steps (`binding`): each function is
one assumption, in the words of `constants.ASSUMPTIONS`; or the "sampling", the "method", or a "start" of the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from types import MappingProxyType
from typing import Any

import sympy as sp

from samtheory.theorems.symbols import (
    A,
    A_h,
    B,
    B_h,
    C,
    C_h,
    L,
    Lambda,
    Lambda1,
    Lambda2,
    Lcal,
    R,
    b,
    c,
    delta0,
    gamma,
    lam,
    mu,
    rho,
    sigma2,
)  # fmt: skip

from .kernel.facts import Fact, intact, seal
from .kernel.rules import hypothesis
from .language.terms import (
    DRAW,
    STATE,
    G,
    M,
    Named,
    T,
    V_at,
    Vector,
    a,
    delta,
    depends,
    dot,
    e,
    far,
    g,
    gap_at,
    grad,
    grad2_at,
    grad_at,
    h,
    mean_of,
    new,
    norm,
    number,
    require,
    slope,
    t,
    vector,
    w,
)  # fmt: skip

#: The points that have a name; whether the setting is complete.
_points: dict[str, frozenset[Any]] = {}
_sealed: list[bool] = []
here = Vector({})
#: The smoothness of the sampled function, g_v(x*), y - x; for the full gradient, y - x and grad f(y) - grad f(x).
L_v = number("L_v", DRAW, nonnegative=True)
g_star, q = vector("g*", DRAW), vector("y-x", DRAW)
p, d = vector("p"), vector("d")
R2 = number("R₀²", nonnegative=True)


class Fixed:
    """What cannot be changed once the setting is complete."""

    def __setattr__(self, name: str, value: Any) -> None:
        require(not _sealed, name, "the setting cannot be changed")
        object.__setattr__(self, name, value)


class Objective(Fixed):
    """f, or a sampled function f_v: value less that at x*, and gradient, at the points x + displacement."""

    def __init__(self, name: str, smoothness: sp.Symbol, least: bool, known: Mapping[Vector, tuple[Any, Any]]) -> None:
        require(not _sealed, name, "the functions are f and f_v")
        self.name, self.smoothness, self.least = name, smoothness, least
        self.known = MappingProxyType({point(x): found for x, found in known.items()})

    def value(self, x: Vector) -> sp.Expr:
        """f(x) - f(x*)."""
        found = self.known.get(point(x), (None, None))[0]
        return self.made(x, "{0}({1})-{0}(x*)") if found is None else sp.sympify(found)

    def gradient(self, x: Vector) -> Vector:
        """The gradient."""
        found = self.known.get(point(x), (None, None))[1]
        return vector(f"∇{self.name}({words(x)})", self.depends(x)) if found is None else found

    def made(self, x: Vector, text: str) -> sp.Symbol:
        """A number that belongs to a point."""
        return number(text.format(self.name, words(x)), self.depends(x), nonnegative=self.least)

    def depends(self, x: Vector) -> Any:
        """What a value at this point depends on."""
        inner = (max(each.depends, depends(m)) for each, m in x.parts.items())
        return max(inner, default=STATE) if self.least else DRAW


def point(x: Vector) -> frozenset[tuple[Named, sp.Expr]]:
    """A displacement from x, in one form."""
    return frozenset((each, sp.cancel(m)) for each, m in x.parts.items() if sp.cancel(m) != 0)


def words(x: Vector) -> str:
    """A point in words, different for different points."""
    text = " + ".join(["x", *sorted(f"({m}) {each.name}" for each, m in point(x))])
    while _points.setdefault(text, point(x)) != point(x):
        text += "′"
    return text


x_plus = -gamma * h
#: At lam = 0, y = x + rho grad f and y = x + rho g, and what the gradient changes by.
d_usam, e_usam = vector("∇f(x+ρ∇f)-∇f"), vector("g_v(x+ρg)-g", DRAW)
f = Objective("f", L, True, {
    here: (delta, grad), -w: (0, here), x_plus: (new, None), p: (None, grad + d), rho * grad: (None, grad + d_usam),
})  # fmt: skip
f_v = Objective("f_v", Lambda, False, {
    here: (None, g), -w: (0, g_star), q: (None, h), rho * g: (None, g + e_usam),
})  # fmt: skip

#: The hypotheses that are declared, by function and arguments; where they are about some values of the parameters only.
_kept: dict[Any, Fact] = {}
_declared: dict[Fact, Mapping[sp.Symbol, sp.Expr]] = {}
#: The method whose step a hypothesis describes.
_method: dict[Fact, str] = {}


def schema(**values: Any) -> Callable[[Callable[..., Fact]], Callable[..., Fact]]:
    """A function to a hypothesis, each made once; true where the parameters have these values."""
    require(not _sealed, "setting", "declares no more hypotheses")
    at = {symbol: sp.sympify(values[symbol.name]) for symbol in (rho, lam) if symbol.name in values}

    def declare(make: Callable[..., Fact]) -> Callable[..., Fact]:
        @wraps(make)
        def kept(*arguments: Any) -> Fact:
            intact()
            known = all(type(each) is Vector or each is f or each is f_v for each in arguments)
            require(known or not _sealed, make.__name__, "is about f or f_v, and vectors")
            key = (make.__name__, *(point(each) if type(each) is Vector else each for each in arguments))
            if key not in _kept:
                _kept[key] = make(*arguments)
                _declared[_kept[key]] = at
            return _kept[key]

        return kept

    return declare


def declared(fact: Fact) -> Mapping[sp.Symbol, sp.Expr] | None:
    """The values of the parameters where a hypothesis is declared; None for one that is not declared."""
    return _declared.get(fact)


def method(fact: Fact) -> str | None:
    """The method whose step a hypothesis describes; None if it is about no step."""
    return _method.get(fact)


def everywhere(word: str, name: str, lhs: Any, relation: str, rhs: Any, *given: Fact) -> Fact:
    """A hypothesis at every x and for every draw."""
    return hypothesis(name, word, lhs, relation, rhs, everywhere=True, given=given)


# Functions.


@schema()
def smooth(function: Objective, x: Vector, y: Vector) -> Fact:
    """The descent lemma for a Lipschitz gradient, from x to y."""
    value, step = function.value(y) - function.value(x), y - x
    right = dot(function.gradient(x), step) + function.smoothness / 2 * step.norm2
    return everywhere("smooth", f"{function.name} is {function.smoothness}-smooth", value, "<=", right)


@schema()
def smooth_below(function: Objective, x: Vector, y: Vector) -> Fact:
    """The descent lemma for minus the function, whose gradient is Lipschitz too, from x to y."""
    value, step = function.value(y) - function.value(x), y - x
    left = dot(function.gradient(x), step) - function.smoothness / 2 * step.norm2
    return everywhere("smooth", f"-{function.name} is {function.smoothness}-smooth", left, "<=", value)


@schema()
def smooth_draw(x: Vector, y: Vector) -> Fact:
    """The descent lemma for the sampled function with its own constant L_v, from x to y."""
    value, step = f_v.value(y) - f_v.value(x), y - x
    right = dot(f_v.gradient(x), step) + L_v / 2 * step.norm2
    return everywhere("smooth", "f_v is L_v-smooth", value, "<=", right)


@schema()
def convex(function: Objective, x: Vector, y: Vector) -> Fact:
    """The function is above its tangent at x."""
    word = "convex" if function is f else "convex-components"
    below = dot(function.gradient(x), y - x)
    return everywhere(word, f"{function.name} is convex", below, "<=", function.value(y) - function.value(x))


@schema()
def strongly_convex(x: Vector, y: Vector) -> Fact:
    """f is above its tangent at x by (mu/2) ||y - x||^2."""
    below = dot(f.gradient(x), y - x) + mu / 2 * (y - x).norm2
    return everywhere("strongly-convex", "f is μ-strongly convex", below, "<=", f.value(y) - f.value(x))


def fixed(word: str, name: str, lhs: Any, relation: str, rhs: Any, *given: Fact, **values: Any) -> Fact:
    """A declared hypothesis without arguments."""

    return schema(**values)(everywhere)(word, name, lhs, relation, rhs, *given)


@schema()
def PL_at(x: Vector) -> Fact:
    """PL at the point x + displacement."""
    return everywhere("PL", "Polyak-Łojasiewicz", 2 * mu * f.value(x), "<=", f.gradient(x).norm2)


PL = fixed("PL", "Polyak-Łojasiewicz", 2 * mu * delta, "<=", G)
ER = fixed("ER", "expected residual", M, "<=", 2 * A * delta + B * G + C)

biased = fixed("biased", "⟨∇f, E h⟩ ≥ b‖∇f‖² - c", b * G - c, "<=", mean_of(dot(grad, h)))
biased_square = fixed("biased", "E ‖h‖² ≤ 2A′δ + B′‖∇f‖² + C′", mean_of(h.norm2), "<=", 2 * A_h * delta + B_h * G + C_h)

# The sampling: E g_v = grad f, E f_v = f, and what Lambda, Lambda1 and Lambda2 stand for.


def fixed_vector(v: Vector) -> None:
    """Raise Flaw if a vector depends on the draw."""
    good = all(max(each.depends, depends(m)) < DRAW for each, m in v.parts.items())
    require(good, "E g = ∇f(x)", "is about vectors that do not depend on the draw")


@schema()
def unbiased(v: Vector) -> Fact:
    """E <g, v> = <grad f, v>, for a v that does not depend on the draw."""
    fixed_vector(v)
    return everywhere("sampling", "E g = ∇f(x)", mean_of(dot(g, v)), "=", dot(grad, v))


@schema()
def stationary(v: Vector) -> Fact:
    """E <g_v(x*), v> = 0, for a v that does not depend on the draw."""
    fixed_vector(v)
    return everywhere("minimiser", "E g* = ∇f(x*) = 0", mean_of(dot(g_star, v)), "=", 0)


unbiased_value = fixed("sampling", "E f_v = f", mean_of(f_v.value(here)), "=", delta)
bounded = fixed("sampling", "L_v ≤ Λ for every draw", L_v, "<=", Lambda)
mean_L = fixed("sampling", "E L_v = Λ₁", mean_of(L_v), "=", Lambda1)
square_L = fixed("sampling", "E L_v² = Λ₂²", mean_of(L_v**2), "=", Lambda2**2)
lipschitz = fixed("smooth", "g_v is L_v-Lipschitz", norm(e), "<=", L_v * norm(q))
lipschitz_full = fixed("smooth", "∇f is L-Lipschitz", norm(d), "<=", L * norm(p))
noise = fixed("ES", "E ‖g*‖² ≤ σ*²", mean_of(g_star.norm2), "<=", sigma2)
expected_smoothness = fixed("ES", "E ‖g - g*‖² ≤ 2ℒδ", mean_of((g - g_star).norm2), "<=", 2 * Lcal * delta)
centred_smoothness = fixed("ES", "E ‖g - g* - ∇f‖² ≤ 2Rδ", mean_of((g - g_star - grad).norm2), "<=", 2 * R * delta)
variance = fixed("bounded-variance", "E ‖g - ∇f‖² ≤ C", mean_of((g - grad).norm2), "<=", C)
common = fixed("interpolation", "g* = 0", norm(g_star), "=", 0)
whole = fixed("full-batch", "g = ∇f", M, "=", G)
whole_L = fixed("full-batch", "f_v = f", L_v, "=", L)

# The methods.


def cases_of(v: Vector) -> tuple[Fact, Fact]:
    """||v|| > 0 and ||v|| = 0."""
    return _case("<", norm(v)), _case("=", norm(v))


@cache
def _case(relation: str, x: sp.Expr) -> Fact:
    return hypothesis(f"{x} {'> 0' if relation == '<' else '= 0'}", "case", 0, relation, x)


# All that most proofs know of y: so they hold for every method of the class, whatever the direction of y - x.
near = fixed("method", "‖y - x‖ ≤ ρ(a‖g‖ + λ)", norm(q), "<=", rho * (a * norm(g) + lam))
near_full = fixed("full-batch", "‖y - x‖ ≤ ρ(a‖∇f‖ + λ)", norm(p), "<=", rho * (a * norm(grad) + lam))


@schema()
def towards(v: Vector) -> Fact:
    """<v, y - x> = rho (a + lam/||grad f||) <v, grad f> for the full gradient, where it is not 0."""
    nonzero, _ = cases_of(grad)
    right = rho * (a + lam / norm(grad)) * dot(v, grad)
    return everywhere("full-batch", "y = x + ρ(a + λ/‖∇f‖) ∇f where ∇f ≠ 0", dot(v, p), "=", right, nonzero)


whole_step = fixed("full-batch", "x⁺ = x - γ∇f(y)", mean_of(new), "=", f.value(-gamma * (grad + d)))
whole_slope = fixed("full-batch", "x⁺ = x - γ∇f(y)", mean_of(slope), "=", f.gradient(-gamma * (grad + d)).norm2)
rests = fixed("full-batch", "x⁺ = x where ∇f = 0", mean_of(new), "=", delta, cases_of(grad)[1])
whole_moves = fixed("full-batch", "x⁺ = x - γ∇f(y)", mean_of(far), "=", (w - gamma * (grad + d)).norm2)
rests_far = fixed("full-batch", "x⁺ = x where ∇f = 0", mean_of(far), "=", norm(w) ** 2, cases_of(grad)[1])
moves = fixed("method", "x⁺ = x - γh", far, "=", (w - gamma * h).norm2)
sgd_step = fixed("method", "x⁺ = x - γg", new, "=", f.value(-gamma * g), rho=0)
sgd_moves = fixed("method", "x⁺ = x - γg", far, "=", (w - gamma * g).norm2, rho=0)
#: grad f(y) of USAM.
h_usam = f.gradient(rho * grad)
usam_moves = fixed("full-batch", "x⁺ = x - γ∇f(x + ρ∇f)", far, "=", (w - gamma * h_usam).norm2, lam=0)

# USAM with the sampled gradient: g - grad f, and g_v(x + rho g) beside g_v(x + rho grad f).
off, apart = vector("g-∇f", DRAW), vector("g_v(x+ρg)-g_v(x+ρ∇f)", DRAW)
off_size = fixed("sampling", "‖g - ∇f‖²", norm(off) ** 2, "=", (g - grad).norm2)
beside = fixed("smooth", "g_v is L_v-Lipschitz, at x + ρg and x + ρ∇f", norm(apart), "<=", L_v * rho * norm(off), lam=0)


@schema(lam=0)
def ahead(v: Vector) -> Fact:
    """E <g_v(x + rho grad f) - g, v> = <grad f(x + rho grad f) - grad f, v>, for a v fixed given x."""
    fixed_vector(v)
    return everywhere("sampling", "E g_v(x + ρ∇f) = ∇f(x + ρ∇f)", mean_of(dot(e - apart, v)), "=", dot(d_usam, v))


for _step in (whole_step, whole_slope, rests, whole_moves, rests_far, moves, sgd_step, sgd_moves, usam_moves):
    _method[_step] = "unified-sam"

#: The size of a Polyak step.
tau = number("τ", DRAW, nonnegative=True)


class Polyak(Fixed):
    """The step x+ = x - tau h at lam = 0: f and grad f, or f_v and g."""

    def __init__(self, function: Objective, word: str) -> None:
        self.function, self.u = function, function.gradient(here)
        self.y = rho * self.u
        self.h = function.gradient(self.y)
        self.d, self.H = self.h - self.u, self.h.norm2
        self.N = function.value(self.y) - dot(self.h, self.y)
        self.nonzero = hypothesis("h ≠ 0", "case", 0, "<", self.H)
        self.zero = hypothesis("h = 0", "case", 0, "=", self.H)
        top = sp.Max(self.N, 0, evaluate=False)
        size = sp.Min(top / self.H, gamma, evaluate=False)
        self.top, self.size = top, size
        self.sized = fixed(word, "τ = min{[N]₊/‖h‖², γ} where h ≠ 0", tau, "=", size, self.nonzero, lam=0)
        self.moves = fixed(word, "x⁺ = x - τh", far, "=", (w - tau * self.h).norm2, lam=0)
        self.rests = fixed(word, "x⁺ = x where h = 0", far, "=", norm(w) ** 2, self.zero, lam=0)
        _method.update(dict.fromkeys((self.sized, self.moves, self.rests), "polyak"))


polyak, polyak_v = Polyak(f, "full-batch"), Polyak(f_v, "method")

# The start, and the smallest mean over t < T.

start = fixed("start", "δ₀ = f(x_0) - f*", gap_at(0), "=", delta0)
start_V = fixed("start", "R₀² = ‖x_0 - x*‖²", V_at(0), "=", R2)
m, n = number("m", nonnegative=True), number("n", nonnegative=True)


def smallest(x: sp.Expr, values: Any, name: str) -> Fact:
    """x is at most the mean of each t < T."""
    return schema()(lambda *says: hypothesis(name, "measure", *says, times=(t, 0, T)))(x, "<=", values(t))


least = smallest(m, grad2_at, "m ≤ E ‖∇f(x_t)‖² for t < T")
least_norm = smallest(n, grad_at, "n ≤ E ‖∇f(x_t)‖ for t < T")
_sealed.append(True)
seal(globals())
