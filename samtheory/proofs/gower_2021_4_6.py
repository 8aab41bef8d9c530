"""Gower, Sebbouh & Loizou, Theorem 4.6: the residual around a minimiser in the step of SGD."""

import sympy as sp

from samtheory.theorems.gower_2021_4_6 import theorem
from samtheory.theorems.symbols import L, R, gamma, mu, sigma2

from .kernel.facts import ONE, assume, square, step
from .kernel.lemmas import along, mean, mean_of
from .kernel.proof import Proof
from .kernel.setting import PL, unbiased
from .kernel.symbols import SIGNS, G, M, delta, g, grad
from .shared.bounds import mu_L
from .shared.constant_steps import Named
from .shared.minimiser import g_star, noise
from .shared.recursion import unrolled
from .shared.sgd import one_step

half = sp.Rational(1, 2)
stated = Named(theorem)
residual = assume("ES", "E ‖g - g* - ∇f‖² ≤ 2Rδ", mean_of((g - g_star - grad).norm2), "<=", 2 * R * delta)
second = step(
    "second moment", M, "<=", 4 * R * delta + G + 2 * sigma2,
    {residual: 2, noise: 2, mean(square(g - grad - 2 * g_star)): 1, unbiased: 2},
)  # fmt: skip
short = step("Lγ(μ + 2R) ≤ μ", L * gamma * (mu + 2 * R), "<=", mu, {stated.small_gamma: L * (mu + 2 * R)})
shorter = step("Lγ ≤ 1", L * gamma, "<=", 1, {short: 1 / mu, ONE: 2 * L * gamma * R / mu})
firm = step("Lγ < 2", 0, "<", 1 - L * gamma / 2, {shorter: half, ONE: half})
one = step(
    "one step", *stated.one_step,
    {one_step: 1, second: L * gamma**2 / 2, PL: gamma * (1 - L * gamma / 2), short: gamma * delta}, firm,
)  # fmt: skip
contracts = step("q ≥ 0", 0, "<=", stated.q, {shorter: mu / L, mu_L: 1 / L})
shrinks = step("q < 1", 0, "<", 1 - stated.q, {SIGNS[gamma]: mu})

proof = Proof(theorem, (one, *unrolled(along(one), stated.q, stated.N, contracts, shrinks)))
