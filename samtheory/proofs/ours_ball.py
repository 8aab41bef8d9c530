"""R10: <v, e> >= -(||v||^2 + ||e||^2)/2 in the descent lemma, for any e no longer than l rho."""

import sympy as sp

from samtheory.theorems import ours_ball as ball
from samtheory.theorems.symbols import C, L, Lambda, gamma, lam, mu, rho

from .kernel.analysis import one_of
from .kernel.rules import ONE, instance, mean, sign, square, step
from .language.terms import G, M, a, define, delta, dot, e, g, grad, h, new, norm
from .setting import L_v, bounded, f, here, lipschitz, near, smooth, unbiased, variance, x_plus
from .shared.bounds import mu_L
from .shared.descents import Formulas

stated = Formulas(ball.theorem)
top = define("l", ball.smooth)
above_L, above_Lambda = one_of(top, L), one_of(top, Lambda)

reach = (top * rho) ** 2
inside = instance("‖y - x‖ ≤ ρ, λ = 1", near, {a: 0, lam: 1})
pushed = step("perturbation", norm(e), "<=", top * rho, {lipschitz: 1, inside: L_v, bounded: rho, above_Lambda: rho})
pushed_squared = step("perturbation, squared", norm(e) ** 2, "<=", reach, {pushed: norm(e) + top * rho})
second = step("second moment", M, "<=", G + C, {variance: 1, unbiased(grad): 2})

size = step(
    "the step, squared", h.norm2, "<=", 2 * norm(g) ** 2 + 2 * reach, {square(g - e): 1, pushed_squared: 2},
)  # fmt: skip
pathwise = step(
    "the descent lemma for the draw", new, "<=",
    delta - gamma * dot(grad, g) + gamma * (G + reach) / 2 + top * gamma**2 * (norm(g) ** 2 + reach),
    {
        smooth(f, here, x_plus): 1, square(grad + e): gamma / 2, pushed_squared: gamma / 2,
        size: L * gamma**2 / 2, above_L: gamma**2 * (norm(g) ** 2 + reach),
    },
)  # fmt: skip
one = step(
    "one step", *stated.one_step,
    {mean(pathwise): 1, unbiased(grad): -gamma, second: top * gamma**2, stated.small_gamma: top * gamma * G},
)  # fmt: skip

quarter = sp.Rational(1, 4)
falls = step("s > 0", 0, "<", stated.descent, {sign(gamma): quarter})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {stated.small_gamma: mu / 2, above_L: mu / (8 * top * L), mu_L: 1 / (8 * L), ONE: 7 * quarter / 2},
)  # fmt: skip

proof = stated.linear(one, falls, contracts)
