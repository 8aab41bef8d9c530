"""R8: the gain of a step towards x*, with ||h||^2 <= 2 ||h - g*||^2 + 2 ||g*||^2 and the displacement of y."""

import sympy as sp

from samtheory.theorems.ours_convex import theorem
from samtheory.theorems.symbols import Lambda, Lcal, gamma, mu, rho, sigma2

from .kernel.analysis import all_of
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, hypothesis, mean, square, step
from .language.terms import M, a, define, delta, far, h, norm, w
from .setting import g_star, moves, noise, unbiased_value
from .shared.convex_components import far as far_y
from .shared.convex_components import gap, inner, mu_Lambda, second_Lambda
from .shared.descents import Distance
from .shared.minimiser import second

half = sp.Rational(1, 2)
stated = Distance(theorem)
least = define("m", sp.Min(Lcal, Lambda))

# The second moment with the smaller of the two constants.
claim = M, "<=", 4 * least * delta + 2 * sigma2
first, other = hypothesis("ℒ ≤ Λ", "case", 0, "<=", Lambda - Lcal), hypothesis("ℒ ≥ Λ", "case", 0, "<=", Lcal - Lambda)


def smaller(x: sp.Symbol, case: Fact, moment: Fact) -> Fact:
    """The second moment where x is the smaller of the two."""
    same = step("itself", x, "<=", x, {})
    below = step("in this case", x, "<=", Lambda + Lcal - x, {case: 1})
    return step(case.name, *claim, {moment: 1, all_of("the smaller", least, x, same, below): 4 * delta})


moment = cases("second moment", (smaller(Lcal, first, second), first), (smaller(Lambda, other, second_Lambda), other))

short = step("2Λγ ≤ 1", 2 * Lambda * gamma, "<=", 1, {stated.small_gamma: 2 * Lambda})
pathwise = step(
    "for the draw", far, "<=",
    norm(w) ** 2 - 2 * gamma * gap + gamma * Lambda * far_y.rhs + 2 * gamma**2 * norm(g_star) ** 2,
    {
        moves: 1, inner: 2 * gamma, far_y: gamma * Lambda, square(h - 2 * g_star): gamma**2,
        square(h - g_star): gamma / Lambda * (1 - 2 * Lambda * gamma),
    },
    short,
)  # fmt: skip
one = step(
    "one step", *stated.one_step,
    {
        mean(pathwise): 1, unbiased_value: -2 * gamma, noise: 2 * gamma**2, moment: gamma * Lambda * rho**2 * a,
    },
)  # fmt: skip


c = 1 - 2 * a * Lambda * least * rho**2
reach = sp.sqrt(2 * a * Lambda * least)
some_a, no_a = hypothesis("a > 0", "case", 0, "<", a), hypothesis("a = 0", "case", 0, "=", a)
some_m, no_m = hypothesis("m > 0", "case", 0, "<", least), hypothesis("m = 0", "case", 0, "=", least)
both = step("where a, m > 0", 0, "<", c, {stated.small_rho: reach * (1 + reach * rho)}, some_a, some_m)
without_a = step("where a = 0", 0, "<", c, {ONE: 1, no_a: -2 * Lambda * least * rho**2})
without_m = step("where m = 0", 0, "<", c, {ONE: 1, no_m: -2 * a * Lambda * rho**2})
firm = cases("c > 0", (cases("where a > 0", (both, some_m), (without_m, no_m)), some_a), (without_a, no_a))
falls = step("s > 0", 0, "<", stated.descent, {firm: 2 * gamma})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - mu / 2 * stated.descent,
    {short: mu / (2 * Lambda), mu_Lambda: 1 / (2 * Lambda), ONE: half + 2 * gamma * mu * a * Lambda * least * rho**2},
)  # fmt: skip

proof = stated.linear(one, falls, contracts)
