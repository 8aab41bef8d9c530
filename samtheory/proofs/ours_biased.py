"""The descent lemma with the two conditions on h; k >= b^2, as (b G - c)^2 <= G E||h||^2 where G is large."""

import sympy as sp

from samtheory.theorems import ours_biased as stated_
from samtheory.theorems.symbols import A_h, B_h, C_h, L, b, c, gamma, mu

from .kernel.analysis import slope
from .kernel.rules import cases, hypothesis, mean, sign, square, step
from .language.terms import E, G, define, delta, grad, h, new
from .setting import PL, biased, biased_square, f, here, smooth, x_plus
from .shared.bounds import mu_L
from .shared.descents import Formulas

stated = Formulas(stated_.theorem)
k = define("k", stated_.k)
lemma = step(
    "descent lemma", E(new), "<=",
    (1 + L * gamma**2 * A_h) * delta - gamma * (b - L * gamma * B_h / 2) * G + stated.noise,
    {mean(smooth(f, here, x_plus)): 1, biased: gamma, biased_square: L * gamma**2 / 2},
)  # fmt: skip
one = step("one step", *stated.one_step, {lemma: 1, PL: L * gamma**2 * A_h / (2 * mu)})

# k >= b^2, from <grad f, h> <= (b/2) ||grad f||^2 + ||h||^2/(2b).
line = step(
    "k against b²", (b**2 - k) * G, "<=", 2 * b * c + C_h,
    {biased: 2 * b, biased_square: 1, mean(square(b * grad - h)): 1, PL: A_h / mu},
)  # fmt: skip
small, large = hypothesis("k ≤ b²", "case", 0, "<=", b**2 - k), hypothesis("k ≥ b²", "case", 0, "<=", k - b**2)
steep = step("under PL", 2 * mu * (b**2 - k) * delta, "<=", 2 * b * c + C_h, {line: 1, PL: b**2 - k}, small)
flat = slope("f - f* is unbounded", 2 * mu * (b**2 - k), sp.Integer(0), steep, PL)
b_k = cases(
    "b² ≤ k",
    (step("where k ≤ b²", b**2, "<=", k, {flat: 1 / (2 * mu)}), small),
    (step("where k ≥ b²", b**2, "<=", k, {large: 1}), large),
)
positive = step("k > 0", 0, "<", k, {b_k: 1, sign(b): b})

short = step("Lγk ≤ b", L * gamma * k, "<=", b, {stated.small_gamma: L * k}, positive)
falls = step("s > 0", 0, "<", stated.descent, {short: gamma / 2, sign(b): gamma / 2})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {square(1 - gamma * mu * b): 1, mu_L: gamma**2 * mu * k, b_k: (gamma * mu) ** 2}, positive,
)  # fmt: skip

proof = stated.linear(one, falls, contracts)
