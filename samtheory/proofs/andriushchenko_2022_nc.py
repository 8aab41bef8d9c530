"""Andriushchenko & Flammarion, non-convex: the master inequality at lam = 0, with (beta rho)^2 = beta gamma."""

import sympy as sp

from samtheory.theorems import andriushchenko_2022_nc as remembered
from samtheory.theorems.symbols import C, L, Lambda, gamma, lam, rho

from .kernel.analysis import one_of
from .kernel.rules import ONE, hypothesis, instance, sign, square, step
from .language.terms import E, G, M, a, define, delta, grad, new
from .ours_tight import root_small
from .proof import Proof
from .setting import unbiased, variance
from .shared.master import one_step, root_G, root_M
from .shared.telescope import averaged

beta = define("β", remembered.beta)
s, part = beta * rho, sp.Rational
equal = hypothesis("βγ = (βρ)²", "steps", beta * gamma, "=", s**2)
small = hypothesis("βρ ≤ 12/25", "steps", s, "<=", part(12, 25))

second = step("second moment", M, "<=", G + C, {variance: 1, unbiased(grad): 2})
smooth_f, smooth_v = one_of(remembered.beta, L), one_of(remembered.beta, Lambda)
square_s = step("squared", s**2, "<=", part(144, 625), {small: s + part(12, 25)})
room = step("room for the noise", (1 + s) ** 2 + part(9, 5), "<=", 4, {small: s + part(62, 25), ONE: part(6, 625)})

usam = instance("master inequality, λ = 0", one_step, {a: 1, lam: 0})
one = step(
    "one step", E(new), "<=", delta - remembered.descent * G + remembered.noise,
    {
        usam: 1, root_small: gamma * rho * root_G * root_M,
        smooth_v: gamma * rho * root_G * root_M + L * gamma**2 / 2 * rho * (2 + s + Lambda * rho) * M,
        smooth_f: gamma**2 / 2 * (1 + s) ** 2 * M,
        square(root_G - part(9, 5) * s * root_M): part(5, 18) * gamma,
        equal: gamma / 2 * (1 + s) ** 2 * M - 2 * gamma * C,
        second: gamma * s**2 / 2 * (part(9, 5) + (1 + s) ** 2),
        room: gamma * s**2 / 2 * (G + C), square_s: 2 * gamma * G,
        ONE: gamma * G * (part(3, 4) - part(5, 18) - part(288, 625)),
    },
)  # fmt: skip
falls = step("the descent", 0, "<", remembered.descent, {sign(gamma): part(1, 4)})

proof = Proof(remembered.theorem, (one,), (averaged(one, remembered.descent, remembered.noise, falls),))
