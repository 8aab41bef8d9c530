"""R1, R3, convex: the descent lemma is affine in <grad f, d>, which is in [0, b ||grad f||]: worst at an end."""

import sympy as sp

from samtheory.theorems import ours_deterministic_convex as exact
from samtheory.theorems.symbols import L, gamma, lam, mu, rho

from .kernel.facts import MEANING, ONE, Fact, a, assume, define, in_a, square, step
from .kernel.lemmas import at_least, at_most, cases, cauchy_schwarz, smallest
from .kernel.proof import Proof
from .kernel.setting import PL
from .kernel.symbols import G, delta, delta_new, grad
from .kernel.vectors import dot, norm, number
from .shared.bounds import mu_L
from .shared.convexity import cocoercive
from .shared.full_batch import b, d, descent, pushed, root_G

inner = dot(grad, d)
radius = rho * (a + lam / root_G)
moves, stays, zero = (
    assume("case", "∇f(x) ≠ 0", 0, "<", root_G),
    assume("method", "x⁺ = x where ∇f(x) = 0", delta_new, "=", delta),
    assume("case", "∇f(x) = 0", 0, "=", root_G),
)

# ||d||^2 <= (b/||grad f||) <grad f, d>, so 0 <= <grad f, d> <= b ||grad f||.
bent = cocoercive(number("f(y) - f(x)"), grad, d, radius * grad, L, moves)
far = step("<∇f, d> ≤ b‖∇f‖", inner, "<=", b * root_G, {cauchy_schwarz(grad, d): 1, pushed: root_G})
some, none = assume("case", "b > 0", 0, "<", b), assume("case", "b = 0", 0, "=", b)
back = cases(
    "<∇f, d> ≥ 0",
    (step("where b > 0", 0, "<=", inner, {bent: root_G / b, square(norm(d)): root_G / b}, some, moves), some),
    (step("where b = 0", 0, "<=", inner, {cauchy_schwarz(-grad, d): 1, pushed: root_G, none: -root_G}), none),
)

ends = [define(f"gain {i}", -sum(in_a(sp.sympify(c)) * root_G**n for c, n in zip(each, (2, 1, 0), strict=True)))
        for i, each in enumerate(exact.parabolas(L, gamma, rho, lam), 1)]  # fmt: skip
gain = define("gain", sp.Min(*ends))
slope = gamma * (1 - L * gamma) - L * gamma**2 * b / (2 * root_G)
less, more = assume("case", "worst at d = 0", 0, "<=", slope), assume("case", "worst at the other end", 0, "<=", -slope)
claim = delta_new, "<=", delta - gain


def at_an_end(end: sp.Symbol, edge: Fact, m: sp.Expr, case: Fact) -> Fact:
    """The gain is at least the one at this end."""
    worst = step(case.name, delta_new, "<=", delta - end, {descent: 1, bent: L * gamma**2 / 2, edge: m}, case, moves)
    return step("the smaller gain", *claim, {worst: 1, at_most(gain, end): 1})


moving = cases(
    "where ∇f(x) ≠ 0", (at_an_end(ends[0], back, slope, less), less), (at_an_end(ends[1], far, -slope, more), more)
)  # fmt: skip
first = gamma * (1 - L * gamma / 2)
still = step("where ∇f(x) = 0", *claim, {stays: 1, at_most(gain, ends[0]): 1, zero: -first * root_G})
one = cases("one step", (moving, moves), (still, zero, stays))

# E delta_t <= D: the worst value is at an end of l <= ||grad f|| <= sqrt(2 L D), l^2 = 2 mu D, or at 0, by convexity.
D, worst, low = (number(name, nonnegative=True) for name in ("D_t", "worst", "ℓ"))
bound = assume("start", "δ_t ≤ D_t", delta, "<=", D)
edge, some_D = assume("definition", "ℓ² = 2μD_t", low**2, "=", 2 * mu * D), assume("case", "D_t > 0", 0, "<", low)
within, below = assume("case", "‖∇f‖ ≥ ℓ", 0, "<=", root_G - low), assume("case", "‖∇f‖ ≤ ℓ", 0, "<=", low - root_G)


def at_most_worst(end: sp.Symbol, u: sp.Expr) -> Fact:
    """delta less a gain is at most the worst value; u^2 gamma^2 L/2 - gamma u + 1/(2 mu) >= 0 makes it convex."""
    formula = MEANING[end]
    at_low, at_zero = formula.subs(root_G, low), formula.subs(root_G, 0)
    inner = assume("definition", "worst ≥ D_t - gain on [ℓ, √(2LD_t)]", D - end, "<=", worst)
    outer = assume("definition", "worst ≥ D_t - gain at ℓ", D - at_low, "<=", worst)
    zero = assume("definition", "worst ≥ - gain at 0", -at_zero, "<=", worst)
    share = root_G / low
    convex = {
        outer: share, zero: (low - root_G) / low, PL: 1 / (2 * mu), edge: share / (2 * mu),
        square(1 - mu * gamma * u): root_G * (low - root_G) / (2 * mu),
        mu_L: (gamma * u) ** 2 / 2 * root_G * (low - root_G),
    }  # fmt: skip
    claim = delta - worst, "<=", end
    return cases(
        "δ - worst ≤ gain",
        (step("where ‖∇f‖ ≥ ℓ", *claim, {bound: 1, inner: 1}), within),
        (step("where ‖∇f‖ ≤ ℓ", *claim, convex, below, some_D), below),
    )


ends_met = at_most_worst(ends[0], sp.Integer(1)), at_most_worst(ends[1], 1 + a * L * rho)
following = step(
    "the next bound", delta_new, "<=", worst, {one: 1, smallest("both", delta - worst, gain, *ends_met): 1}
)

# Constant steps: a gap of at most N stays so.  From l = L gamma c/(2 - L gamma u) on, both gains are not negative.
N, turn = define("N", exact.limit), define("ℓ", L * gamma * exact.c / (2 - L * gamma * exact.u))
u, c = in_a(exact.u), exact.c
stable, small = assume("steps", "Lγu < 2", 0, "<", 2 - L * gamma * u), assume("start", "δ_t ≤ N", delta, "<=", N)
stabler = step("Lγ ≤ 2", 0, "<=", 2 - L * gamma, {stable: 1, ONE: L * gamma * a * L * rho})
free = step("at d = 0", 0, "<=", ends[0], {stabler: gamma * G / 2})
positive = assume("case", "λρ > 0", 0, "<", turn)
beyond, before = assume("case", "‖∇f‖ ≥ ℓ", 0, "<=", root_G - turn), assume("case", "‖∇f‖ ≤ ℓ", 0, "<=", turn - root_G)
gains = step("gains", 0, "<=", ends[1], {beyond: gamma / 2 * (u * root_G + c) * (2 - L * gamma * u)}, stable)
share, left = root_G / turn, root_G * (turn - root_G)
nearer = {
    PL: 1 / (2 * mu), at_least(N, turn**2 / (2 * mu)): share,
    at_least(N, L * (gamma * c) ** 2 / 2): (turn - root_G) / turn,
    square(1 - mu * gamma * u): left / (2 * mu), mu_L: (gamma * u) ** 2 / 2 * left,
}  # fmt: skip
claim = delta - N, "<=", ends[1]
both = (
    step("at d = 0", delta - N, "<=", ends[0], {small: 1, free: 1}, stable),
    cases(
        "at the other end",
        (step("where ‖∇f‖ ≥ ℓ", *claim, {small: 1, gains: 1}, stable), beyond),
        (step("where ‖∇f‖ ≤ ℓ", *claim, nearer, before, positive, stable), before),
    ),
)
kept = step("N is not left", delta_new, "<=", N, {one: 1, smallest("both", delta - N, gain, *both): 1}, stable)

proof = Proof(exact.theorem, (one, following, kept))
