"""USAM, strongly convex: <h - mu' w, L' w - h> >= 0 from interpolation at x*, x and y, w = x - x*; then the rate.

For mu < L (else f is (L/2)||w||^2) and rho > 0 (else it is gradient descent, proved beside).
"""

from __future__ import annotations

import sympy as sp

from samtheory.theorems import ours_usam_strongly_convex as usam
from samtheory.theorems.symbols import L, gamma, mu, rho

from .kernel.facts import ONE, Fact, assume, define, square, step
from .kernel.lemmas import along, at_least, cases, greatest
from .kernel.proof import Proof
from .kernel.symbols import delta, grad, t
from .kernel.vectors import Vector, dot, number
from .shared.distances import V0, V, V_at, start
from .shared.full_batch import d
from .shared.minimiser import w
from .shared.recursion import Sequence, unrolled
from .shared.smoothness import descends

h, none = grad + d, Vector({})
mu_rho, L_rho = usam.mu_rho, usam.L_rho
curved = assume("case", "μ < L", 0, "<", L - mu)
moved = assume("case", "ρ > 0", 0, "<", rho)
small_rho = assume("steps", "ρ(L - μ) ≤ 1", 0, "<=", 1 - rho * (L - mu))
small_gamma = assume("steps", "γ < γ_max", gamma, "<", define("γ_max", usam.theorem.gamma_max))


def interpolated(rise: sp.Expr, u: Vector, d: Vector, p: Vector) -> Fact:
    """f(y) - f(x) = rise from below, for the gradients u at x and u + d at y = x + p.

    Strong convexity at x and smoothness at y, both towards z = y - (d - mu p)/(L - mu).
    """
    back, across = (d - mu * p) / (L - mu), number("f(z) - f(x)")
    there = L * p - d  # (L - mu) (z - x)
    below = dot(u, there) / (L - mu) + mu * there.norm2 / (2 * (L - mu) ** 2)
    convex = assume("strongly-convex", "strong convexity", below, "<=", across)
    smooth = descends(across - rise, -back, u + d)
    lower = dot(u, p) + mu / 2 * p.norm2 + (d - mu * p).norm2 / (2 * (L - mu))
    return step("interpolation", lower, "<=", rise, {convex: 1, smooth: 1}, curved)


# The values are f* = 0, f(x) = delta and f(y).
f_y, q = number("f(y) - f*"), rho * grad
at_x, to_x = interpolated(delta, none, grad, w), interpolated(-delta, grad, -grad, -w)
at_y, to_y = interpolated(f_y - delta, grad, d, q), interpolated(delta - f_y, h, -d, -q)
star_y = interpolated(-f_y, h, -h, -(w + q))

# Weights from the dual problem; b (1 + rho mu) - 1 >= 0 is where rho (L - mu) <= 1 is needed.
b, a = 1 / (rho * L), (L - mu) / L
eta = rho * mu * (1 + b)
rest = square(d - rho * (L + mu) * grad + rho * L * mu * w)
weights = {
    star_y: a, at_y: b, to_y: (1 - rho * (L - mu)) / (rho * L), to_x: eta, at_x: a + eta,
    rest: (1 + mu * rho) / (L * rho * (L - mu) * (1 + rho * (L + mu))),
}  # fmt: skip
wide = step("L′ - μ′ > 0", 0, "<", L_rho - mu_rho, {curved: 1 + rho * (L + mu)})
between = step(
    "between μ′ and L′", 0, "<=", dot(h - mu_rho * w, L_rho * w - h),
    {fact: (L - mu) * (1 + rho * (L + mu)) * m for fact, m in weights.items()}, curved, moved, small_rho,
)  # fmt: skip

# The rate: the nearer end of [mu', L'] is the worse one.
new = define("V⁺", (w - gamma * h).norm2)
q_rate = define("q", usam.theorem.contraction)
both = gamma * (mu_rho + L_rho)
short, long = assume("case", "γ(μ′ + L′) ≤ 2", 0, "<=", 2 - both), assume("case", "γ(μ′ + L′) ≥ 2", 0, "<=", both - 2)


def rate(case: Fact, end: sp.Expr, off: Vector) -> Fact:
    """The rate (1 - gamma end)^2 of one end."""
    m = gamma * case.gap / (L_rho - mu_rho)
    one = step(case.name, new, "<=", (1 - gamma * end) ** 2 * V, {between: m + gamma**2, square(off): m}, case, wide)
    return step("the larger rate", new, "<=", q_rate * V, {one: 1, at_least(q_rate, (1 - gamma * end) ** 2): V})


one = cases(
    "one step", (rate(short, mu_rho, h - mu_rho * w), short), (rate(long, L_rho, h - L_rho * w), long)
)  # fmt: skip
contracts = step("q ≥ 0", 0, "<=", q_rate, {ONE: q_rate})
ends = [
    step("γL′ < 2", 0, "<", 2 - gamma * L_rho, {small_gamma: L_rho}),
    step("γμ′ < 2", 0, "<", 2 - gamma * mu_rho, {small_gamma: L_rho, wide: gamma}),
]  # fmt: skip
below = [
    step("(1 - γL′)² < 1", (1 - gamma * L_rho) ** 2, "<", 1, {ends[0]: gamma * L_rho}),
    step("(1 - γμ′)² < 1", (1 - gamma * mu_rho) ** 2, "<", 1, {ends[1]: gamma * mu_rho}),
]  # fmt: skip
shrinks = step("q < 1", 0, "<", 1 - q_rate, {greatest("both", q_rate, sp.Integer(1), *below): 1})
every = along(one, {new: V_at(t + 1), V: V_at(t)})
bounds = unrolled(every, q_rate, 0, contracts, shrinks, of=Sequence(V_at, V0, start))

proof = Proof(usam.theorem, (between, one, shrinks, *bounds))
