"""Khaled & Richtárik, Theorem 2: the expected residual in the step of SGD, telescoped."""

import sympy as sp

from ..theorems.khaled_richtarik_2020_2 import theorem
from ..theorems.symbols import L, gamma
from .descents import Formulas
from .facts import assume, define, step
from .proof import Proof
from .setting import ER
from .sgd import one_step
from .symbols import SIGNS, G
from .telescope import Weighted

half = sp.Rational(1, 2)
stated = Formulas(theorem)
small = assume("steps", "γ ≤ 1/(LB)", gamma * define("(1/γ_max)", 1 / theorem.gamma_max), "<=", 1)
one = step("one step", *stated.one_step, {one_step: 1, ER: L * gamma**2 / 2, small: gamma / 2 * G})
falls = step("s > 0", 0, "<", stated.descent, {SIGNS[gamma]: half})
weighted = Weighted(one, stated.growth, stated.descent, stated.noise, falls)

proof = Proof(theorem, (one, weighted.bound, weighted.closed))
