"""Every f_v convex and Lambda-smooth, and a minimiser x*: what a step towards x* gains, wherever y is."""

from ..theorems.symbols import Lambda, lam, mu, rho
from .bounds import not_constant
from .convexity import supports
from .facts import a, assume, square, step
from .lemmas import mean, mean_of
from .minimiser import g_star, noise, stationary, stationary_grad, w
from .setting import PL, shares, unbiased
from .smoothness import descends, descent_v, distance, length, q
from .symbols import G, M, delta, g, grad, h
from .vectors import dot, norm, number

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
second_Lambda = step(
    "second moment", M, "<=", 4 * Lambda * delta + 2 * noise.rhs,
    {smooth_Lambda: 2, noise: 2, mean(square(g - 2 * g_star)): 1},
)  # fmt: skip

# f itself is no steeper than the f_v, so mu <= Lambda.
steep = step(
    "f is Λ-smooth", G, "<=", 2 * Lambda * delta,
    {smooth_Lambda: 1, mean(square(g - g_star - grad)): 1, unbiased: -2, stationary_grad: 2},
)  # fmt: skip
mu_Lambda = step("μ ≤ Λ", mu, "<=", Lambda, {PL: 1 / (2 * delta), steep: 1 / (2 * delta)}, not_constant)

far = step(
    "how far y is, squared", norm(q) ** 2, "<=", rho**2 * (a * norm(g) ** 2 + lam),
    {
        distance: norm(q) + length, square(norm(g) - 1): rho**2 * a * lam,
        shares: rho**2 * (a * norm(g) ** 2 + lam),
    },
)  # fmt: skip
