"""R1 and R3, convex: the descent lemma is affine in <grad f, d>, which lies in [0, b ||grad f||], hence worst at an end."""

import sympy as sp

from ..theorems import ours_deterministic_convex as exact
from ..theorems.symbols import L, gamma, lam, rho
from .convexity import cocoercive
from .facts import Fact, a, assume, define, in_a, square, step
from .full_batch import b, d, descent, pushed, root_G
from .lemmas import at_most, cases, cauchy_schwarz
from .proof import Proof
from .symbols import delta, delta_new, grad
from .vectors import dot, norm, number

inner = dot(grad, d)
radius = rho * (a + lam / root_G)
moves, stays, zero = (
    assume("method", "∇f(x) ≠ 0", 0, "<", root_G),
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
one = cases("one step", (moving, moves), (still, stays, zero))

proof = Proof(exact.theorem, (one,))
