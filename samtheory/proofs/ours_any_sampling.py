"""Theory 2.3 (i): the master inequality at lam = 1, with Lambda1 <= L_avg and mu Lambda2^2 <= D L_avg^2."""

import sympy as sp

from samtheory.theorems.ours_any_sampling import theorem
from samtheory.theorems.symbols import C, L, L_avg, Lambda1, Lambda2, gamma, k, lam, mu, rho

from .kernel.rules import ONE, hypothesis, instance, sign, square, step
from .language.terms import E, G, a, delta, new
from .setting import PL
from .shared.bounds import D, D_positive, mu_D, mu_L
from .shared.constant_steps import Formulas
from .shared.master import one_step, root_G, root_M
from .unified_sam_3_2 import few

half = sp.Rational(1, 2)
stated = Formulas(theorem)
less_mean = hypothesis("Λ₁ ≤ L_avg", "sampling", Lambda1, "<=", L_avg)
less_square = hypothesis("μΛ₂² ≤ D L_avg²", "sampling", mu * Lambda2**2, "<=", D * L_avg**2)

sam = instance("master inequality, λ = 1", one_step, {a: 0, lam: 1})
u = L_avg * rho
descent = step(
    "descent", E(new), "<=",
    delta - gamma * (1 - u / 2 - L * gamma * k) * G + gamma * (u / 2 + L * gamma * (C + (rho * Lambda2) ** 2)),
    {
        sam: 1, few: L * gamma**2, square(root_M - rho * Lambda2): L * gamma**2 / 2,
        less_mean: gamma * rho * root_G, square(root_G - 1): gamma * u / 2,
    },
)  # fmt: skip
enough = step(
    "half of the descent", half, "<=", 1 - u / 2 - L * gamma * k, {stated.small_gamma: L * k}, D_positive, iff=True
)  # fmt: skip
some = step(
    "there are such γ", 0, "<", stated.gamma_max, {stated.small_rho: mu * L_avg / (2 * L * D)}, D_positive, iff=True
)
one = step(
    "one step", *stated.one_step,
    {
        descent: 1, enough: gamma * G, PL: gamma / 2,
        less_square: L * (gamma * rho) ** 2 / mu, stated.small_gamma: gamma * u**2 * L * D / mu,
        ONE: gamma * u / 2 * ((1 - u) ** 2 + u) + 2 * L * (gamma * u) ** 2,
    },
    D_positive,
)  # fmt: skip
contracts = step(
    "q ≥ 0", 0, "<=", stated.q,
    {stated.small_gamma: L * D / mu, mu_L: gamma * D / mu, mu_D: gamma, ONE: half + u / 2}, D_positive,
)  # fmt: skip
shrinks = step("q < 1", 0, "<", 1 - stated.q, {sign(gamma): mu})

proof = stated.proof(one, contracts, shrinks, some)
