"""USAM, strongly convex: <h - mu' w, L' w - h> >= 0 from interpolation at x*, x and y, w = x - x*; then the rate."""

from __future__ import annotations

from typing import Any

import sympy as sp

from samtheory.theorems import ours_usam_strongly_convex as usam
from samtheory.theorems.symbols import L, gamma, mu, rho

from .kernel.analysis import all_of, one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, along, cases, hypothesis, mean, square, step
from .language.terms import E, V, Vector, define, dot, far, grad, spelt_out, w
from .proof import Proof
from .setting import f, h_usam, here, smooth, strongly_convex, usam_moves
from .shared.bounds import mu_L
from .shared.recursion import DISTANCE, unrolled

h = h_usam
d = h - grad
mu_rho, L_rho = usam.mu_rho, usam.L_rho
curved = hypothesis("μ < L", "case", 0, "<", L - mu)
some_rho = hypothesis("ρ > 0", "case", 0, "<", rho)
small_rho = hypothesis("ρ(L - μ) ≤ 1", "steps", 0, "<=", 1 - rho * (L - mu))
small_gamma = hypothesis("γ < γ_max", "steps", gamma, "<", define("γ_max", usam.theorem.gamma_max))


def interpolated(x: Vector, y: Vector) -> Fact:
    """f(y) - f(x) from below: strong convexity at x and smoothness at y, both towards z = y - (d - mu p)/(L - mu)."""
    u, d, p = f.gradient(x), f.gradient(y) - f.gradient(x), y - x
    z = y - (d - mu * p) / (L - mu)
    lower = dot(u, p) + mu / 2 * p.norm2 + (d - mu * p).norm2 / (2 * (L - mu))
    by = {strongly_convex(x, z): 1, smooth(f, y, z): 1}
    return step("interpolation", lower, "<=", f.value(y) - f.value(x), by, curved)


q = rho * grad
at_x, to_x = interpolated(-w, here), interpolated(here, -w)
at_y, to_y, star_y = interpolated(here, q), interpolated(q, here), interpolated(q, -w)

# Weights from the dual problem; b (1 + rho mu) - 1 >= 0 is where rho (L - mu) <= 1 is needed.
b, a = 1 / (rho * L), (L - mu) / L
eta = rho * mu * (1 + b)
rest = square(d - rho * (L + mu) * grad + rho * L * mu * w)
weights = {
    star_y: a, at_y: b, to_y: (1 - rho * (L - mu)) / (rho * L), to_x: eta, at_x: a + eta,
    rest: (1 + mu * rho) / (L * rho * (L - mu) * (1 + rho * (L + mu))),
}  # fmt: skip
wide = step("L′ - μ′ > 0", 0, "<", L_rho - mu_rho, {curved: 1 + rho * (L + mu)})
target = dot(h - mu_rho * w, L_rho * w - h)
apart = step(
    "where μ < L and ρ > 0", 0, "<=", target,
    {fact: (L - mu) * (1 + rho * (L + mu)) * m for fact, m in weights.items()}, curved, some_rho, small_rho,
)  # fmt: skip


def closed(name: str, goal: sp.Expr, by: dict[Fact, Any], zero: Fact, *signs: Fact) -> Fact:
    """0 <= goal, up to a multiple of what is 0."""
    return step(name, 0, "<=", goal, {**by, zero: rest_of(goal, by, zero)}, *signs)


def rest_of(goal: sp.Expr, by: dict[Fact, Any], zero: Fact) -> sp.Expr:
    """The multiplier of what is 0."""
    left = goal - sum(m * spelt_out(fact.gap) for fact, m in by.items())
    return sp.cancel(sp.expand(left) / zero.gap)


# rho = 0: interpolation at x* and y.
no_rho = hypothesis("ρ = 0", "case", 0, "=", rho)
still = closed("where ρ = 0", target, {star_y: L - mu, interpolated(-w, q): L - mu}, no_rho, curved)
between = cases("between μ′ and L′", (apart, some_rho), (still, no_rho))

# The rate: the nearer end of [mu', L'] is the worse one.
moved = mean(usam_moves)
q_rate = define("q", usam.theorem.contraction)
both = gamma * (mu_rho + L_rho)
short, long = (
    hypothesis("γ(μ′ + L′) ≤ 2", "case", 0, "<=", 2 - both),
    hypothesis("γ(μ′ + L′) ≥ 2", "case", 0, "<=", both - 2),
)


def rate(case: Fact, end: sp.Expr, off: Vector) -> Fact:
    """The rate (1 - gamma end)^2 of one end."""
    m = gamma * case.gap / (L_rho - mu_rho)
    one = step(
        case.name,
        E(far),
        "<=",
        (1 - gamma * end) ** 2 * V,
        {moved: 1, between: m + gamma**2, square(off): m},
        case,
        wide,
    )
    return step("the larger rate", E(far), "<=", q_rate * V, {one: 1, one_of(q_rate, (1 - gamma * end) ** 2): V})


apart = cases(
    "where μ < L", (rate(short, mu_rho, h - mu_rho * w), short), (rate(long, L_rho, h - L_rho * w), long)
)  # fmt: skip

# mu = L: the gradient is linear, <grad f(y) - grad f(x) - L (y - x), r> >= 0 for every r.
equal = hypothesis("μ = L", "case", 0, "=", L - mu)


def linear(x: Vector, y: Vector, r: Vector | None = None) -> Fact:
    """0 <= <D, r> for what the gradient differs from a linear one, r = -D by default."""
    D = f.gradient(y) - f.gradient(x) - mu * (y - x)
    r = -D if r is None else r
    by = {strongly_convex(x, y + r): 1, smooth(f, y, y + r): 1, smooth(f, x, y): 1}
    return closed("the gradient is linear", dot(D, r), by, equal)


more, D_near, D_far = 1 + L * rho, grad - mu * w, h - grad - mu * q
by = {
    moved: 1, linear(here, q, w): 2 * gamma, linear(-w, here, w): 2 * gamma * more,
    linear(here, q, -w): 2 * gamma**2 * L_rho, linear(-w, here, -w): 2 * gamma**2 * L_rho * more,
    linear(here, q): 2 * gamma**2, linear(-w, here): 2 * (gamma * more) ** 2, square(D_far - more * D_near): gamma**2,
}  # fmt: skip
end = (1 - gamma * L_rho) ** 2 * V
quadratic = step("where μ = L", E(far), "<=", end, {**by, equal: rest_of(spelt_out(end - E(far)), by, equal)})
largest = step("the larger rate", E(far), "<=", q_rate * V, {quadratic: 1, one_of(q_rate, (1 - gamma * L_rho) ** 2): V})
one = cases("one step", (apart, curved), (largest, equal), mu_L)
contracts = step("q ≥ 0", 0, "<=", q_rate, {ONE: q_rate})
ends = [
    step("γL′ < 2", 0, "<", 2 - gamma * L_rho, {small_gamma: L_rho}),
    step("γμ′ < 2", 0, "<", 2 - gamma * mu_rho, {small_gamma: L_rho, mu_L: gamma * (1 + rho * (L + mu))}),
]  # fmt: skip
below = [
    step("(1 - γL′)² < 1", (1 - gamma * L_rho) ** 2, "<", 1, {ends[0]: gamma * L_rho}),
    step("(1 - γμ′)² < 1", (1 - gamma * mu_rho) ** 2, "<", 1, {ends[1]: gamma * mu_rho}),
]  # fmt: skip
shrinks = step("q < 1", 0, "<", 1 - q_rate, {all_of("both", q_rate, sp.Integer(1), *below): 1})
bound, *others = unrolled(along(one), q_rate, 0, contracts, shrinks, of=DISTANCE)

proof = Proof(usam.theorem, (one,), (bound,), (between, shrinks, *others))
