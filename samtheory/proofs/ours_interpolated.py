"""R7: as R8 with g_v(x*) = 0, ||g||^2 <= 2 Lambda (f_v(x) - f_v(x*)), and L_v with the displacement of y."""

import sympy as sp

from samtheory.theorems.ours_interpolated import theorem
from samtheory.theorems.symbols import Lambda, gamma, lam, mu, rho

from .kernel.analysis import cauchy_schwarz
from .kernel.rules import ONE, cases, hypothesis, mean, square, step
from .language.terms import a, dot, e, far, g, h, norm, w
from .setting import L_v, bounded, common, f_v, g_star, here, mean_L, moves, q, smooth_draw, unbiased_value
from .shared.convex_components import at_x_star, gap, mu_Lambda
from .shared.convex_components import far as far_y
from .shared.convexity import supports
from .shared.descents import Distance

stated = Distance(theorem)
left = 1 - a * (Lambda * rho) ** 2

# g* = 0, so that its inner products are 0.
gain = step(
    "the gain of a step", gap - L_v / 2 * norm(q) ** 2 + h.norm2 / (2 * Lambda), "<=", dot(h, w),
    {
        supports(f_v, q, -w): 1, smooth_draw(q, here): 1,
        cauchy_schwarz(g, g_star): 1 / Lambda, cauchy_schwarz(e, g_star): 1 / Lambda,
        common: (norm(g) + norm(e)) / Lambda - norm(g_star) / (2 * Lambda),
    },
)  # fmt: skip
value = step(
    "smoothness and convexity", norm(g) ** 2 / (2 * Lambda), "<=", gap,
    {
        at_x_star: 1, cauchy_schwarz(-g_star, w): 1, cauchy_schwarz(g, g_star): 1 / Lambda,
        common: norm(w) + norm(g) / Lambda - norm(g_star) / (2 * Lambda),
    },
)  # fmt: skip

short = step("Λγ ≤ 1", Lambda * gamma, "<=", 1, {stated.small_gamma: Lambda})
pathwise = step(
    "for the draw", far, "<=", norm(w) ** 2 - 2 * gamma * left * gap + gamma * lam * rho**2 * L_v,
    {
        moves: 1, gain: 2 * gamma, far_y: gamma * L_v, bounded: gamma * rho**2 * a * norm(g) ** 2,
        value: 2 * gamma * a * (Lambda * rho) ** 2, square(h): gamma / Lambda * (1 - Lambda * gamma),
    },
    short,
)  # fmt: skip
one = step(
    "one step", *stated.one_step,
    {mean(pathwise): 1, unbiased_value: -2 * gamma * left, mean_L: gamma * lam * rho**2},
)  # fmt: skip

some, none = hypothesis("a > 0", "case", 0, "<", a), hypothesis("a = 0", "case", 0, "=", a)
root = sp.sqrt(a) * Lambda
firm = cases(
    "aΛ²ρ² < 1",
    (step("where a > 0", 0, "<", left, {stated.small_rho: root * (1 + root * rho)}, some), some),
    (step("where a = 0", 0, "<", left, {ONE: 1, none: -((Lambda * rho) ** 2)}), none),
)
falls = step("s > 0", 0, "<", stated.descent, {firm: 2 * gamma})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - mu / 2 * stated.descent,
    {short: mu / Lambda, mu_Lambda: 1 / Lambda, ONE: gamma * mu * a * (Lambda * rho) ** 2},
)  # fmt: skip

proof = stated.linear(one, falls, contracts)
