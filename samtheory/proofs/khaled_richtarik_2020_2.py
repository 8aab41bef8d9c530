"""Khaled & Richtárik, Theorem 2: the expected residual in the step of SGD, telescoped."""

import sympy as sp

from samtheory.theorems.khaled_richtarik_2020_2 import theorem
from samtheory.theorems.symbols import L, gamma

from .kernel.rules import hypothesis, sign, step
from .language.terms import G, define
from .proof import Proof
from .setting import ER
from .shared.descents import Formulas
from .shared.sgd import one_step
from .shared.telescope import Weighted

half = sp.Rational(1, 2)
stated = Formulas(theorem)
small = hypothesis("γ ≤ 1/(LB)", "steps", gamma * define("(1/γ_max)", 1 / theorem.gamma_max), "<=", 1)
one = step("one step", *stated.one_step, {one_step: 1, ER: L * gamma**2 / 2, small: gamma / 2 * G})
falls = step("s > 0", 0, "<", stated.descent, {sign(gamma): half})
weighted = Weighted(one, stated.growth, stated.descent, stated.noise, falls)

proof = Proof(theorem, (one,), (weighted.bound,), (weighted.closed,))
