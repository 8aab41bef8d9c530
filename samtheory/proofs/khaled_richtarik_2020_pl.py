"""Khaled & Richtárik, PL: the expected residual in the step of SGD, for gamma <= 1/b, b = max{2AL/mu, 2BL}.

The bound at the horizon is compared with this inequality, followed step by step.
"""

import sympy as sp

from samtheory.theorems import khaled_richtarik_2020_pl as paper
from samtheory.theorems.symbols import A, B, C, L, gamma, mu

from .kernel.analysis import one_of
from .kernel.rules import hypothesis, step
from .language.terms import E, G, define, delta, new
from .proof import Proof
from .setting import ER, PL
from .shared.sgd import one_step

part = sp.Rational
b = define("b", paper.b)
small = hypothesis("γ ≤ 1/b", "steps", gamma * b, "<=", 1)
small_A = step("2ALγ ≤ μ", 2 * A * L / mu * gamma, "<=", 1, {small: 1, one_of(b, 2 * A * L / mu): gamma})
small_B = step("2BLγ ≤ 1", 2 * B * L * gamma, "<=", 1, {small: 1, one_of(b, 2 * B * L): gamma})
one = step(
    "one step", E(new), "<=", (1 - gamma * mu) * delta + L * C * gamma**2 / 2,
    {
        one_step: 1, ER: L * gamma**2 / 2, PL: part(3, 4) * gamma, small_B: gamma * G / 4,
        small_A: gamma * mu * delta / 2,
    },
)  # fmt: skip

proof = Proof(paper.theorem, (one,))
