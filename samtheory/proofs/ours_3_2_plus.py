"""Theorem 3.2+: the master inequality under PL, split by theta and q."""

from typing import Any

import sympy as sp

from samtheory.theorems import ours_3_2_plus as plus
from samtheory.theorems.symbols import C, L, Lambda, Lambda2, gamma, k, lam, mu, q, rho, theta

from . import unified_sam_3_2 as constant_steps
from .kernel.analysis import root
from .kernel.facts import Fact
from .kernel.rules import ONE, along, hypothesis, instance, square, step
from .language.terms import E, G, a, define, delta, in_a, new
from .ours_tight import root_small
from .proof import Proof
from .setting import PL
from .shared.bounds import D, D_positive, mu_D, mu_L
from .shared.master import one_step, root_G, root_M, stretch
from .shared.recursion import unrolled
from .unified_sam_3_2 import few

half = sp.Rational(1, 2)
root_k, root_C = define("√k", sp.sqrt(k)), sp.sqrt(C)
S = define("S", plus.s)
loss = define("loss", plus.least_loss + theta / 2 + plus.curved * k * q)
noise = define("noise", plus.least_noise + plus.drift / theta + plus.curved * C * q + plus.bent / q)

roots_squared = step(
    "PL in the expected residual", root_M**2, "<=", (root_k * root_G + root_C) ** 2,
    {few: 1, ONE: 2 * root_k * root_G * root_C},
)  # fmt: skip
roots = root("in roots", root_M, root_k * root_G + root_C, roots_squared)
push = lam * rho * Lambda2
split = step(
    "split by θ and q", E(new), "<=", delta - gamma * (1 - loss) * G + gamma * noise,
    {
        one_step: 1,
        roots: gamma * rho * a * Lambda2 * root_G,
        square(theta * root_G - rho * S): gamma / (2 * theta),
        square(q * stretch * root_M - push): L * gamma**2 / (2 * q),
        few: L * gamma**2 / 2 * (1 + q) * stretch**2,
    },
)  # fmt: skip

bend = Lambda * rho * a

# Where a term vanishes, its Young parameter may be 0.
least_loss = define("loss₀", plus.least_loss)


def without(name: str, at: dict[sp.Symbol, Any], theta: Any, by: dict[Fact, Any]) -> Fact:
    """The split with q = 0, where the symbols in `at` are so."""
    drift = plus.drift / theta if theta else 0
    parts = in_a(plus.least_loss) + theta / 2, in_a(sp.sympify(plus.least_noise + drift))
    loss, noise = (
        define(f"{each}, {name}", part.subs(at)) for each, part in zip(("loss", "noise"), parts, strict=True)
    )
    claim = delta - gamma * (1 - loss) * G + gamma * noise
    return step(f"split, {name}", E(new), "<=", claim, {instance("master inequality", one_step, at): 1, **by})


usam, reach = {lam: 0, a: 1}, 1 + Lambda * rho
both = {roots: gamma * rho * Lambda2 * root_G, few: L * gamma**2 / 2 * reach**2}
no_noise = hypothesis("C = 0", "case", root_C, "=", 0)
spare = gamma * rho * Lambda2 * root_G + L * gamma**2 / 2 * reach**2 * root_C
special = [
    without("λ = 0", usam, theta, {**both, square(theta * root_G - rho * Lambda2 * root_C): gamma / (2 * theta)}),
    without("λ = 0, C = 0", {**usam, C: 0}, sp.Integer(0), {**both, no_noise: spare}),
    without("ρ = 0", {rho: 0}, sp.Integer(0), {few: L * gamma**2 / 2}),
]

# The steps that the statement allows, before theta and q take their part.
rho_max, gamma_max = define("ρ_max", plus.rho_max), define("γ_max", plus.gamma_max)
small_rho, small_gamma = (
    hypothesis("ρ < ρ_max", "steps", rho, "<", rho_max),
    hypothesis("γ ≤ γ_max", "steps", gamma, "<=", gamma_max),
)
a_positive = hypothesis("a > 0", "case", 0, "<", a)
some = step(
    "there are such γ", 0, "<", gamma_max,
    {small_rho: 2 * a * Lambda2 * root_k / (L * stretch**2 * k)}, a_positive, D_positive, iff=True,
)  # fmt: skip
half_left = step(
    "half of the descent", least_loss, "<=", half, {small_gamma: L * stretch**2 * k / 2}, D_positive, iff=True
)

# The rate.
small_loss = hypothesis("θ and q leave loss < 1", "steps", loss, "<", 1)
contraction, N = define("1 - x", 1 - 2 * gamma * mu * (1 - loss)), define("N", noise / (2 * mu * (1 - loss)))
one = step(
    "one step", E(new), "<=", contraction * delta + gamma * noise, {split: 1, PL: gamma * (1 - loss)}, small_loss
)
contracts = step(
    "1 - x ≥ 0", 0, "<=", contraction,
    {
        square(1 - gamma * mu): 1, mu_L: gamma**2 * D, mu_D: gamma**2 * mu,
        ONE: 2 * gamma * mu * (rho * a * Lambda2 * root_k + theta / 2)
        + L * D * gamma**2 * (q * stretch**2 + bend * (2 + bend)),
    },
)  # fmt: skip
shrinks = step("1 - x < 1", 0, "<", 1 - contraction, {small_loss: 2 * gamma * mu})
bound, limit, iterations = unrolled(along(one), contraction, N, contracts, shrinks, small_loss)

# Theorem 3.2 allows no rho or gamma that this does not.
stated, u = constant_steps.stated, a * root_k
slack = {square(1 - u): Lambda, square(u): Lambda, root_small: 2 * u}
larger_rho = step(
    "ρ_max of Theorem 3.2", stated.rho_max, "<=", rho_max,
    {fact: m / (2 * Lambda * Lambda2 * u * (1 + 2 * u**2)) for fact, m in slack.items()}, a_positive, D_positive,
)  # fmt: skip
by = {fact: 2 * rho * constant_steps.stretch * m for fact, m in slack.items()}
by[stated.small_rho] = ((1 - bend) ** 2 + 2 * bend**2) * Lambda * (1 + 2 * u**2)
larger_gamma = step(
    "γ_max of Theorem 3.2", stated.gamma_max, "<=", gamma_max,
    {fact: m / (2 * L * k * stretch**2 * constant_steps.stretch) for fact, m in by.items()}, D_positive,
)  # fmt: skip

# rho = 0: the steps and the neighbourhood of SGD (Gower, Sebbouh, Loizou 2021, Theorem 4.6).
sgd = {rho: 0}
sgd_gamma = step("SGD, γ_max", define("γ_max at ρ = 0", plus.gamma_max.subs(sgd)), "=", mu / (L * D), {}, D_positive)
sgd_noise = step("SGD, noise", define("noise at ρ = 0", plus.least_noise.subs(sgd)), "=", L * gamma * C / 2, {})

more = limit, iterations, some, half_left, *special, larger_rho, larger_gamma, sgd_gamma, sgd_noise
proof = Proof(plus.theorem, (split,), (bound,), more)
