"""Every f_v convex and Lambda-smooth, and a minimiser x*: what a step towards x* gains, wherever y is."""

from samtheory.theorems.symbols import Lambda, lam, rho

from ..kernel.facts import a, assume, square, step
from ..kernel.lemmas import mean, mean_of
from ..kernel.setting import shares
from ..kernel.symbols import delta, g, h
from ..kernel.vectors import dot, norm, number
from .convexity import supports
from .minimiser import around, g_star, stationary, w
from .smoothness import descends, descent_v, distance, length, q

gap, rise = number("f_v(x)-f_v(x*)", drawn=True), number("f_v(y)-f_v(x)", drawn=True)
unbiased_value = assume("sampling", "E f_v = f", mean_of(gap), "=", delta)

to_x_star = supports(-gap - rise, h, g_star - h, -w - q, Lambda, word="convex-components", lemma=descent_v)
to_x = descends(-rise, -q, h, descent_v)
inner = step(
    "the gain of a step", gap - Lambda / 2 * norm(q) ** 2 + (h - g_star).norm2 / (2 * Lambda), "<=", dot(h, w),
    {to_x_star: 1, to_x: 1},
)  # fmt: skip

# Expected smoothness, with Lambda: convexity at x*.
at_x_star = supports(gap, g_star, g - g_star, w, Lambda, word="convex-components", lemma=descent_v)
smooth_Lambda = step(
    "expected smoothness", mean_of((g - g_star).norm2), "<=", 2 * Lambda * delta,
    {mean(at_x_star): 2 * Lambda, unbiased_value: 2 * Lambda, stationary: -2 * Lambda},
)  # fmt: skip
second_Lambda, mu_Lambda = around(smooth_Lambda, Lambda)

far = step(
    "how far y is, squared", norm(q) ** 2, "<=", rho**2 * (a * norm(g) ** 2 + lam),
    {
        distance: norm(q) + length, square(norm(g) - 1): rho**2 * a * lam,
        shares: rho**2 * (a * norm(g) ** 2 + lam),
    },
)  # fmt: skip
