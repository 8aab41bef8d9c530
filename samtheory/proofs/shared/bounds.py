"""What holds of the constants of every PL function: mu <= L, and mu <= D for a global expected residual."""

import sympy as sp

from samtheory.theorems.symbols import A, B, C, L, mu

from ..kernel.analysis import slope
from ..kernel.rules import ONE, cases, hypothesis, mean, sign, somewhere, square, step
from ..language.terms import G, M, define, delta, g, grad
from ..setting import ER, PL, f, here, smooth, unbiased

D = define("D", B * mu + A)

#: At x - grad f/L, f is at least f*.
lower = -grad / L
smooth_gap = step(
    "smoothness", G, "<=", 2 * L * delta, {smooth(f, here, lower): 2 * L, ONE: 2 * L * f.value(lower)}
)  # fmt: skip
positive = hypothesis("δ > 0", "case", 0, "<", delta)
mu_L = somewhere(
    "μ ≤ L", step("where δ > 0", mu, "<=", L, {PL: 1 / (2 * delta), smooth_gap: 1 / (2 * delta)}, positive), positive
)  # fmt: skip

second = step("Jensen", G, "<=", M, {mean(square(g - grad)): 1, unbiased(grad): -2})
line = step("PL against the residual", (1 - B) * G, "<=", 2 * A * delta + C, {ER: 1, second: 1})
small, large = hypothesis("B ≤ 1", "case", 0, "<=", 1 - B), hypothesis("B ≥ 1", "case", 0, "<=", B - 1)
steep = step("under PL", 2 * (1 - B) * mu * delta, "<=", 2 * A * delta + C, {line: 1, PL: 1 - B}, small)
grows = slope("f - f* is unbounded", 2 * (1 - B) * mu, 2 * A, steep, PL)
mu_D = cases(
    "μ ≤ D",
    (step("where B ≤ 1", mu, "<=", D, {grows: sp.Rational(1, 2)}), small),
    (step("where B ≥ 1", mu, "<=", D, {large: mu, ONE: A}), large),
)
D_positive = step("D > 0", 0, "<", D, {mu_D: 1, sign(mu): 1})
