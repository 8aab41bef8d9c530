"""Gower, Sebbouh & Loizou, Theorem 4.6: the residual around a minimiser in the step of SGD."""

import sympy as sp

from samtheory.theorems.gower_2021_4_6 import theorem
from samtheory.theorems.symbols import L, R, gamma, mu, sigma2

from .kernel.rules import ONE, mean, sign, square, step
from .language.terms import G, M, delta, g, grad
from .setting import PL, centred_smoothness, g_star, noise, unbiased
from .shared.bounds import mu_L
from .shared.constant_steps import Formulas
from .shared.sgd import one_step

half = sp.Rational(1, 2)
stated = Formulas(theorem)
second = step(
    "second moment", M, "<=", 4 * R * delta + G + 2 * sigma2,
    {centred_smoothness: 2, noise: 2, mean(square(g - grad - 2 * g_star)): 1, unbiased(grad): 2},
)  # fmt: skip
short = step("Lγ(μ + 2R) ≤ μ", L * gamma * (mu + 2 * R), "<=", mu, {stated.small_gamma: L * (mu + 2 * R)})
shorter = step("Lγ ≤ 1", L * gamma, "<=", 1, {short: 1 / mu, ONE: 2 * L * gamma * R / mu})
firm = step("Lγ < 2", 0, "<", 1 - L * gamma / 2, {shorter: half, ONE: half})
one = step(
    "one step", *stated.one_step,
    {one_step: 1, second: L * gamma**2 / 2, PL: gamma * (1 - L * gamma / 2), short: gamma * delta}, firm,
)  # fmt: skip
contracts = step("q ≥ 0", 0, "<=", stated.q, {shorter: mu / L, mu_L: 1 / L})
shrinks = step("q < 1", 0, "<", 1 - stated.q, {sign(gamma): mu})

proof = stated.proof(one, contracts, shrinks)
