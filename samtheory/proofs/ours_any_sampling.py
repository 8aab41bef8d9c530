"""Theory 2.3 (i): the master inequality at lam = 1, with Lambda1 <= L_avg and mu Lambda2^2 <= D L_avg^2."""

import sympy as sp

from samtheory.theorems.ours_any_sampling import theorem
from samtheory.theorems.symbols import C, L, L_avg, Lambda1, Lambda2, gamma, lam, mu, rho

from .kernel.facts import ONE, a, assume, square, step
from .kernel.lemmas import along, instance
from .kernel.proof import Proof
from .kernel.setting import PL
from .kernel.symbols import SIGNS, D, G, delta, delta_new, k
from .shared.bounds import D_positive, mu_D, mu_L
from .shared.constant_steps import Named
from .shared.master import one_step, root_G, root_M
from .shared.recursion import unrolled
from .unified_sam_3_2 import few

half = sp.Rational(1, 2)
stated = Named(theorem)
mean_L = assume("sampling", "Λ₁ ≤ L_avg", Lambda1, "<=", L_avg)
square_L = assume("sampling", "μΛ₂² ≤ D L_avg²", mu * Lambda2**2, "<=", D * L_avg**2)

sam = instance("master inequality, λ = 1", one_step, {a: 0, lam: 1})
u = L_avg * rho
descent = step(
    "descent", delta_new, "<=",
    delta - gamma * (1 - u / 2 - L * gamma * k) * G + gamma * (u / 2 + L * gamma * (C + (rho * Lambda2) ** 2)),
    {
        sam: 1, few: L * gamma**2, square(root_M - rho * Lambda2): L * gamma**2 / 2,
        mean_L: gamma * rho * root_G, square(root_G - 1): gamma * u / 2,
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
        square_L: L * (gamma * rho) ** 2 / mu, stated.small_gamma: gamma * u**2 * L * D / mu,
        ONE: gamma * u / 2 * ((1 - u) ** 2 + u) + 2 * L * (gamma * u) ** 2,
    },
    D_positive,
)  # fmt: skip
contracts = step(
    "q ≥ 0", 0, "<=", stated.q,
    {stated.small_gamma: L * D / mu, mu_L: gamma * D / mu, mu_D: gamma, ONE: half + u / 2}, D_positive,
)  # fmt: skip
shrinks = step("q < 1", 0, "<", 1 - stated.q, {SIGNS[gamma]: mu})

proof = Proof(theorem, (some, one, *unrolled(along(one), stated.q, stated.N, contracts, shrinks)))
