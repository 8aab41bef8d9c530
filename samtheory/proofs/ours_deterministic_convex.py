"""R1, R3, convex: the descent lemma is affine in <grad f, d>, which is in [0, b ||grad f||]: worst at an end."""

import sympy as sp

from samtheory.theorems import ours_deterministic_convex as exact
from samtheory.theorems.symbols import L, gamma, lam, mu, rho

from .kernel.analysis import all_of, cauchy_schwarz, one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, hypothesis, square, step
from .language.terms import E, G, a, define, delta, dot, grad, in_a, new, norm
from .proof import Proof
from .setting import PL, cases_of, d, f, here, p, rests, towards
from .shared.bounds import mu_L
from .shared.convexity import cocoercive
from .shared.full_batch import b, descent, pushed, root_G

inner = dot(grad, d)
radius = rho * (a + lam / root_G)
moves, zero = cases_of(grad)

# ||d||^2 <= L <d, y - x> = (b/||grad f||) <grad f, d>, so 0 <= <grad f, d> <= b ||grad f||.
close = cocoercive(f, here, p)
bent = step(
    "cocoercivity, along ∇f", norm(d) ** 2, "<=", L * radius * inner, {close: 1, towards(d): L}, moves
)  # fmt: skip
far = step("<∇f, d> ≤ b‖∇f‖", inner, "<=", b * root_G, {cauchy_schwarz(grad, d): 1, pushed: root_G})
some, none = hypothesis("b > 0", "case", 0, "<", b), hypothesis("b = 0", "case", 0, "=", b)
back = cases(
    "<∇f, d> ≥ 0",
    (step("where b > 0", 0, "<=", inner, {bent: root_G / b, square(norm(d)): root_G / b}, some, moves), some),
    (step("where b = 0", 0, "<=", inner, {cauchy_schwarz(-grad, d): 1, pushed: root_G, none: -root_G}), none),
)

ends = [define(f"gain {i}", -sum(in_a(sp.sympify(c)) * root_G**n for c, n in zip(each, (2, 1, 0), strict=True)))
        for i, each in enumerate(exact.parabolas(L, gamma, rho, lam), 1)]  # fmt: skip
gain = define("gain", sp.Min(*ends))
slope = gamma * (1 - L * gamma) - L * gamma**2 * b / (2 * root_G)
less, more = (
    hypothesis("worst at d = 0", "case", 0, "<=", slope),
    hypothesis("worst at the other end", "case", 0, "<=", -slope),
)
claim = E(new), "<=", delta - gain


def at_an_end(end: sp.Symbol, edge: Fact, m: sp.Expr, case: Fact) -> Fact:
    """The gain is at least the one at this end."""
    worst = step(case.name, E(new), "<=", delta - end, {descent: 1, bent: L * gamma**2 / 2, edge: m}, case, moves)
    return step("the smaller gain", *claim, {worst: 1, one_of(gain, end): 1})


moving = cases(
    "where ∇f(x) ≠ 0", (at_an_end(ends[0], back, slope, less), less), (at_an_end(ends[1], far, -slope, more), more)
)  # fmt: skip
first = gamma * (1 - L * gamma / 2)
still = step("where ∇f(x) = 0", *claim, {rests: 1, one_of(gain, ends[0]): 1, zero: -first * root_G})
one = cases("one step", (moving, moves), (still, zero))

# Constant steps: a gap of at most N stays so.  From l = L gamma c/(2 - L gamma u) on, both gains are not negative.
N, turn = define("N", exact.limit), define("ℓ", L * gamma * exact.c / (2 - L * gamma * exact.u))
u, c = in_a(exact.u), exact.c
stable, small = (
    hypothesis("Lγu < 2", "steps", 0, "<", 2 - L * gamma * u),
    hypothesis("δ_t ≤ N", "start", delta, "<=", N),
)
stabler = step("Lγ ≤ 2", 0, "<=", 2 - L * gamma, {stable: 1, ONE: L * gamma * a * L * rho})
free = step("at d = 0", 0, "<=", ends[0], {stabler: gamma * G / 2})
positive = hypothesis("λρ > 0", "case", 0, "<", turn)
beyond, before = (
    hypothesis("‖∇f‖ ≥ ℓ", "case", 0, "<=", root_G - turn),
    hypothesis("‖∇f‖ ≤ ℓ", "case", 0, "<=", turn - root_G),
)
gains = step("gains", 0, "<=", ends[1], {beyond: gamma / 2 * (u * root_G + c) * (2 - L * gamma * u)}, stable)
share, left = root_G / turn, root_G * (turn - root_G)
nearer = {
    PL: 1 / (2 * mu), one_of(N, turn**2 / (2 * mu)): share,
    one_of(N, L * (gamma * c) ** 2 / 2): (turn - root_G) / turn,
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
kept = step("N is not left", E(new), "<=", N, {one: 1, all_of("the smaller", gain, delta - N, *both): 1}, stable)

proof = Proof(exact.theorem, (one,), more=(kept,))
