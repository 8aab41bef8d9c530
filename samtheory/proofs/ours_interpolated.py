"""R7: as R8 at lam = 0, with g_v(x*) = 0 and ||y - x||^2 = rho^2 ||g||^2 <= 2 Lambda rho^2 (f_v(x) - f_v(x*))."""

from samtheory.theorems.ours_interpolated import theorem
from samtheory.theorems.symbols import Lambda, gamma, lam, mu, rho

from .kernel.analysis import cauchy_schwarz
from .kernel.rules import ONE, instance, mean, square, step
from .language.terms import a, dot, e, far, g, h, norm, w
from .setting import common, g_star, moves, q, unbiased_value
from .shared.convex_components import at_x_star, gap, inner, mu_Lambda
from .shared.convex_components import far as far_y
from .shared.descents import Distance

stated = Distance(theorem)
near = instance("how far y is, λ = 0", far_y, {a: 1, lam: 0})

# g* = 0, so that its inner products are 0.
gain = step(
    "the gain of a step", gap - Lambda / 2 * norm(q) ** 2 + h.norm2 / (2 * Lambda), "<=", dot(h, w),
    {
        inner: 1, cauchy_schwarz(g, g_star): 1 / Lambda, cauchy_schwarz(e, g_star): 1 / Lambda,
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
    "for the draw", far, "<=", norm(w) ** 2 - 2 * gamma * (1 - (Lambda * rho) ** 2) * gap,
    {
        moves: 1, gain: 2 * gamma, near: gamma * Lambda, value: 2 * gamma * (Lambda * rho) ** 2,
        square(h): gamma / Lambda * (1 - Lambda * gamma),
    },
    short,
)  # fmt: skip
one = step(
    "one step", *stated.one_step, {mean(pathwise): 1, unbiased_value: -2 * gamma * (1 - (Lambda * rho) ** 2)}
)  # fmt: skip

firm = step("Λρ < 1", 0, "<", 1 - (Lambda * rho) ** 2, {stated.small_rho: Lambda * (1 + Lambda * rho)})
falls = step("s > 0", 0, "<", stated.descent, {firm: 2 * gamma})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - mu / 2 * stated.descent,
    {short: mu / Lambda, mu_Lambda: 1 / Lambda, ONE: gamma * mu * (Lambda * rho) ** 2},
)  # fmt: skip

proof = stated.linear(one, falls, contracts)
