"""R7: as R8 at lam = 0, with g_v(x*) = 0 and ||y - x||^2 = rho^2 ||g||^2 <= 2 Lambda rho^2 (f_v(x) - f_v(x*))."""

from samtheory.theorems.ours_interpolated import theorem
from samtheory.theorems.symbols import Lambda, gamma, lam, mu, rho

from .kernel.facts import ONE, a, assume, square, step
from .kernel.lemmas import instance, mean, without
from .kernel.proof import Proof
from .kernel.symbols import h
from .kernel.vectors import norm
from .shared.convex_components import at_x_star, far, gap, inner, mu_Lambda, unbiased_value
from .shared.distances import Distance
from .shared.minimiser import g_star, w

stated = Distance(theorem, h)
common = assume("interpolation", "g* = 0", norm(g_star), "=", 0)
near = instance("how far y is, λ = 0", far, {a: 1, lam: 0})
gain, value = without(inner, g_star, common), without(at_x_star, g_star, common)

short = step("Λγ ≤ 1", Lambda * gamma, "<=", 1, {stated.small_gamma: Lambda})
pathwise = step(
    "for the draw", (w - gamma * h).norm2, "<=", norm(w) ** 2 - 2 * gamma * (1 - (Lambda * rho) ** 2) * gap,
    {
        gain: 2 * gamma, near: gamma * Lambda, value: 2 * gamma * (Lambda * rho) ** 2,
        square(h): gamma / Lambda * (1 - Lambda * gamma),
    },
    short,
)  # fmt: skip
one = step(
    "one step", *stated.one_step, {mean(pathwise): 1, unbiased_value: -2 * gamma * (1 - (Lambda * rho) ** 2)}
)  # fmt: skip

firm = step("Λρ < 1", 0, "<", 1 - (Lambda * rho) ** 2, {stated.small_rho: Lambda * (1 + Lambda * rho)})
falls = step("s > 0", 0, "<", stated.s, {firm: 2 * gamma})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - mu / 2 * stated.s,
    {short: mu / Lambda, mu_Lambda: 1 / Lambda, ONE: gamma * mu * (Lambda * rho) ** 2},
)  # fmt: skip

proof = Proof(theorem, (one, *stated.linear(one, falls, contracts)))
