"""Theorem 3.2: the paper's chain under PL, at the steps that leave half of the descent."""

import sympy as sp

from samtheory.theorems import unified_sam_3_2 as paper
from samtheory.theorems.symbols import A, C, L, Lambda, gamma, k, mu, rho

from .kernel.rules import ONE, sign, step
from .language.terms import E, G, M, a, delta, new
from .setting import ER, PL
from .shared.bounds import D, D_positive, mu_D, mu_L
from .shared.chain import c0, c2, one_step
from .shared.constant_steps import Formulas
from .shared.special_cases import special_cases

half = sp.Rational(1, 2)
stated = Formulas(paper.theorem)

# What is left of -gamma G, and the steps that leave half of it.
few = step("PL in the expected residual", M, "<=", k * G + C, {ER: 1, PL: A / mu})
left = 1 - Lambda * rho / 2 - k * c2 / gamma
descent = step("descent", E(new), "<=", delta - gamma * left * G + c2 * C + c0, {one_step: 1, few: c2})

stretch = 1 + 2 * (Lambda * rho * a) ** 2
enough = step("half of the descent", half, "<=", left, {stated.small_gamma: L * k * stretch}, D_positive, iff=True)
some = step(
    "there are such γ", 0, "<", stated.gamma_max,
    {stated.small_rho: Lambda * (mu + 2 * D * a**2) / (2 * L * D * stretch)}, D_positive, iff=True,
)  # fmt: skip

one = step("one step", *stated.one_step, {descent: 1, enough: gamma * G, PL: gamma / 2})

# The contraction is between 1/2 and 1.
short = step(
    "γ ≤ μ/(2LD)", 2 * L * D * gamma, "<=", mu,
    {
        stated.small_gamma: 2 * L * D * stretch,
        ONE: Lambda * rho * (mu + 2 * D * a**2) + 4 * L * D * gamma * (Lambda * rho * a) ** 2,
    },
    D_positive,
)  # fmt: skip
contracts = step("q ≥ 1/2", half, "<=", stated.q, {short: 1 / (2 * mu), mu_L: gamma * D / mu, mu_D: gamma})
nonnegative = step("q ≥ 0", 0, "<=", stated.q, {contracts: 1, ONE: half})
shrinks = step("q < 1", 0, "<", 1 - stated.q, {sign(gamma): mu})

proof = stated.proof(one, nonnegative, shrinks, some, *special_cases)
