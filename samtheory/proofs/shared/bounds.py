"""What holds of the constants of every PL function: mu <= L, and mu <= D for a global expected residual."""

import sympy as sp

from samtheory.theorems.symbols import A, B, C, L, mu

from ..kernel.facts import ONE, assume, square, step
from ..kernel.lemmas import cases, mean, slope
from ..kernel.setting import ER, PL, unbiased
from ..kernel.symbols import SIGNS, D, G, M, delta, g, grad
from ..kernel.vectors import number
from .smoothness import descends

not_constant = assume("parameters", "f is not constant", 0, "<", delta)

least = assume("minimum", "f ≥ f* at x - ∇f/L", 0, "<=", delta + number("f(x-∇f/L)-f(x)"))
rise = least.rhs - delta
smooth_gap = step("smoothness", G, "<=", 2 * L * delta, {least: 2 * L, descends(rise, -grad / L): 2 * L})
mu_L = step("μ ≤ L", mu, "<=", L, {PL: 1 / (2 * delta), smooth_gap: 1 / (2 * delta)}, not_constant)

jensen = step("Jensen", G, "<=", M, {mean(square(g - grad)): 1, unbiased: -2})
line = step("PL against the residual", (1 - B) * G, "<=", 2 * A * delta + C, {ER: 1, jensen: 1})
small, large = assume("case", "B ≤ 1", 0, "<=", 1 - B), assume("case", "B ≥ 1", 0, "<=", B - 1)
steep = step("under PL", 2 * (1 - B) * mu * delta, "<=", 2 * A * delta + C, {line: 1, PL: 1 - B}, small)
grows = slope("f - f* is unbounded", 2 * (1 - B) * mu, 2 * A, steep, PL, not_constant)
mu_D = cases(
    "μ ≤ D",
    (step("where B ≤ 1", mu, "<=", D, {grows: sp.Rational(1, 2)}), small),
    (step("where B ≥ 1", mu, "<=", D, {large: mu, ONE: A}), large),
)
D_positive = step("D > 0", 0, "<", D, {mu_D: 1, SIGNS[mu]: 1})
