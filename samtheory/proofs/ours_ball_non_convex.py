"""The master inequality at lam = 1, split with theta = 1/2 and q = 1, added up."""

import sympy as sp

from samtheory.theorems.ours_ball_non_convex import theorem
from samtheory.theorems.symbols import L, Lambda1, Lambda2, gamma, lam, rho

from .kernel.rules import instance, sign, square, step
from .language.terms import G, a
from .ours_ball import second
from .shared.descents import Formulas
from .shared.master import one_step, root_G, root_M

half = sp.Rational(1, 2)
stated = Formulas(theorem)
one = step(
    "one step", *stated.one_step,
    {
        instance("master inequality, λ = 1", one_step, {a: 0, lam: 1}): 1, square(root_G / 2 - rho * Lambda1): gamma,
        square(root_M - rho * Lambda2): L * gamma**2 / 2, second: L * gamma**2, stated.small_gamma: L * gamma * G,
    },
)  # fmt: skip
falls = step("s > 0", 0, "<", stated.descent, {sign(gamma): half})

proof = stated.mean(one, falls, theorem)
