"""S1: smoothness, cocoercivity and strong convexity from y, with <grad f, w> >= 0; then quadratic growth."""

from samtheory.theorems.ours_sam_strongly_convex import theorem
from samtheory.theorems.symbols import L, gamma, lam, mu, rho

from .kernel.rules import square, step
from .language.terms import a
from .shared.bounds import mu_L
from .shared.towards_x_star import Towards

towards = Towards(theorem, mu)
stated, rest = towards.stated, towards.rest
one = towards.one()
contracts = step(
    "q ≥ 0", 0, "<=", 1 + stated.growth - mu / 2 * stated.descent,
    {mu_L: 1 / L, square(rest): mu / L, towards.wide: gamma * mu * a * L * rho**2},
)  # fmt: skip
grows = step("the growth", 0, "<=", -stated.growth, {towards.short: gamma * mu})
noisy = step("ν ≥ 0", 0, "<=", stated.noise, {towards.wide: gamma * lam * rho**2})
proof = stated.linear(one, towards.falls, contracts, grows=grows, signs=(noisy,))
