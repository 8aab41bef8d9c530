"""Khaled & Richtárik, Theorem 2: the expected residual in the step of SGD, telescoped."""

import sympy as sp

from samtheory.theorems.khaled_richtarik_2020_2 import theorem
from samtheory.theorems.symbols import L, gamma

from .kernel.facts import assume, define, step
from .kernel.proof import Proof
from .kernel.setting import ER
from .kernel.symbols import SIGNS, G
from .shared.descents import Formulas
from .shared.sgd import one_step
from .shared.telescope import Weighted

half = sp.Rational(1, 2)
stated = Formulas(theorem)
small = assume("steps", "γ ≤ 1/(LB)", gamma * define("(1/γ_max)", 1 / theorem.gamma_max), "<=", 1)
one = step("one step", *stated.one_step, {one_step: 1, ER: L * gamma**2 / 2, small: gamma / 2 * G})
falls = step("s > 0", 0, "<", stated.descent, {SIGNS[gamma]: half})
weighted = Weighted(one, stated.growth, stated.descent, stated.noise, falls)

proof = Proof(theorem, (one, weighted.bound, weighted.closed))
