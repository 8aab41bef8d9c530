"""For gamma <= 1/(L u), u = 1 + a L rho, both gains of `ours_deterministic_convex` are large."""

import sympy as sp

from samtheory.theorems.ours_sam_convex import theorem
from samtheory.theorems.symbols import L, gamma, lam, mu, rho

from . import ours_deterministic_convex as exact
from .kernel.analysis import all_of
from .kernel.rules import ONE, square, step
from .language.terms import G, a
from .shared.bounds import mu_L
from .shared.descents import Formulas
from .shared.full_batch import root_G

half = sp.Rational(1, 2)
stated = Formulas(theorem)
bend, c = a * L * rho, lam * L * rho
short = step("Lγu ≤ 1", L * gamma * (1 + bend), "<=", 1, {stated.small_gamma: L * (1 + bend)})

gain = stated.descent * G - stated.noise
at_none = step("at d = 0", gain, "<=", exact.ends[0], {ONE: stated.noise})
at_other = step(
    "at the other end", gain, "<=", exact.ends[1],
    {short: gamma * root_G * (bend * root_G + c), ONE: L * gamma**2 * G * bend**2 / 2},
)  # fmt: skip
one = step("one step", *stated.one_step, {exact.one: 1, all_of("the smaller", exact.gain, gain, at_none, at_other): 1})

firm = step("Lγ < 2", 0, "<", 1 - L * gamma / 2, {short: half, ONE: half + L * gamma * bend / 2})
falls = step("s > 0", 0, "<", stated.descent, {firm: gamma})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent, {square(1 - gamma * mu): 1, mu_L: mu * gamma**2}
)  # fmt: skip

proof = stated.linear(one, falls, contracts)
