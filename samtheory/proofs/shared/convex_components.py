"""Every f_v convex and Lambda-smooth, and a minimiser x*: what a step towards x* gains, wherever y is."""

from samtheory.theorems.symbols import Lambda, lam, rho

from ..kernel.rules import mean, shares, square, step
from ..language.terms import a, delta, dot, g, h, mean_of, norm, w
from ..setting import f_v, g_star, here, near, q, smooth, stationary, unbiased_value
from .convexity import supports
from .minimiser import around
from .smoothness import length

x_star = -w
gap = f_v.value(here)
inner = step(
    "the gain of a step", gap - Lambda / 2 * norm(q) ** 2 + (h - g_star).norm2 / (2 * Lambda), "<=", dot(h, w),
    {supports(f_v, q, x_star): 1, smooth(f_v, q, here): 1},
)  # fmt: skip

# Expected smoothness, with Lambda: convexity at x*.
at_x_star = supports(f_v, x_star, here)
smooth_Lambda = step(
    "expected smoothness", mean_of((g - g_star).norm2), "<=", 2 * Lambda * delta,
    {mean(at_x_star): 2 * Lambda, unbiased_value: 2 * Lambda, stationary(w): -2 * Lambda},
)  # fmt: skip
second_Lambda, mu_Lambda = around(smooth_Lambda, Lambda)

far = step(
    "how far y is, squared", norm(q) ** 2, "<=", rho**2 * (a * norm(g) ** 2 + lam),
    {
        near: norm(q) + length, square(norm(g) - 1): rho**2 * a * lam,
        shares(): rho**2 * (a * norm(g) ** 2 + lam),
    },
)  # fmt: skip
