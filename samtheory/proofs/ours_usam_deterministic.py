"""R1: the descent lemma is affine in <grad f, d>, hence worst where d = -nu grad f or d = +nu grad f."""

from samtheory.theorems import ours_usam_deterministic as exact
from samtheory.theorems.symbols import L, gamma, lam, mu

from .kernel.analysis import cauchy_schwarz, one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, hypothesis, instance, square, step
from .language.terms import E, G, a, delta, dot, grad, new, norm
from .setting import d
from .shared.bounds import mu_L
from .shared.descents import Formulas
from .shared.full_batch import descent, pushed, root_G

stated = Formulas(exact.theorem, below="<")
nu, gained = exact.nu, exact.gained

near = instance("perturbation, λ = 0", pushed, {a: 1, lam: 0})
squared = step("squared", norm(d) ** 2, "<=", nu**2 * G, {near: norm(d) + nu * root_G})
low = step("<∇f, d> ≥ -ν‖∇f‖²", -dot(grad, d), "<=", nu * G, {cauchy_schwarz(-grad, d): 1, near: root_G})
high = step("<∇f, d> ≤ ν‖∇f‖²", dot(grad, d), "<=", nu * G, {cauchy_schwarz(grad, d): 1, near: root_G})

short, long = hypothesis("Lγ ≤ 1", "case", 0, "<=", 1 - L * gamma), hypothesis("Lγ ≥ 1", "case", 0, "<=", L * gamma - 1)
shorter = step(
    "where Lγ ≤ 1", E(new), "<=", delta - gained(1 - nu) * G,
    {descent: 1, low: gamma * (1 - L * gamma), squared: L * gamma**2 / 2}, short,
)  # fmt: skip
longer = step(
    "where Lγ ≥ 1", E(new), "<=", delta - gained(1 + nu) * G,
    {descent: 1, high: gamma * (L * gamma - 1), squared: L * gamma**2 / 2}, long,
)  # fmt: skip
one = cases(
    "one step",
    (step("the smaller gain", *stated.one_step, {shorter: 1, one_of(stated.descent, gained(1 - nu)): G}), short),
    (step("the smaller gain", *stated.one_step, {longer: 1, one_of(stated.descent, gained(1 + nu)): G}), long),
)

# The step gains something, and the rate is between 0 and 1.
below = step("ν < 1", 0, "<", 1 - nu, {stated.small_rho: L})


def gains(limit: Fact) -> Fact:
    """0 < s from gamma < gamma_max, or 0 <= s from gamma <= gamma_max."""
    sign = limit.relation
    stable = step("stable at 1 + ν", 0, sign, 1 - L * gamma * (1 + nu) / 2, {limit: L * (1 + nu) / 2})
    stabler = step("stable at 1 - ν", 0, sign, 1 - L * gamma * (1 - nu) / 2, {stable: 1, ONE: L * gamma * nu})
    return step("the descent", 0, sign, stated.descent, {ONE: stated.descent}, below, stable, stabler)


falls, stays = gains(stated.small_gamma), gains(stated.largest_gamma)
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {one_of(stated.descent, gained(1 - nu)): 2 * mu, square(1 - L * gamma * (1 - nu)): mu / L, mu_L: 1 / L},
)  # fmt: skip

# L x^2/2, where delta = G/(2L) and grad f(y) = (1 + nu) grad f(x), attains it.
attained = step(
    "attained by Lx²/2", (1 - L * gamma * (1 + nu)) ** 2 * G / (2 * L), "=", G / (2 * L) - gained(1 + nu) * G, {}
)  # fmt: skip

proof = stated.linear(one, falls, contracts, attained, stays=stays)
