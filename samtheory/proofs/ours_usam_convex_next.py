"""The bonus of convex f, with ||grad f - L gamma h|| <= Pi ||grad f|| by cocoercivity, for every rho."""

import sympy as sp

from samtheory.theorems.forms.bonus import CONVEX
from samtheory.theorems.ours_usam_convex_next import Pi, theorem
from samtheory.theorems.ours_usam_deterministic import nu
from samtheory.theorems.ours_usam_next import t
from samtheory.theorems.symbols import L, lam

from . import ours_deterministic_convex as exact
from .kernel.analysis import all_of, cauchy_schwarz, one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, hypothesis, instance, step
from .language.terms import G, a, define, dot, grad, norm
from .ours_usam_deterministic import long, short
from .setting import d, f
from .shared.bonus import NextRate
from .shared.descents import Formulas
from .shared.full_batch import h, move, nonzero, pushed, root_G, zero

stated = Formulas(theorem, below="<")
largest = define("Π", Pi)
ends = 1 - t, t - 1 + t * nu
p, after = grad - t * h, f.gradient(move)
usam = {a: 1, lam: 0}
near, moving, far, pushing = (
    instance(each.name, each, usam) for each in (pushed, exact.bent, exact.far, exact.back)
)  # fmt: skip
product = norm(after) * root_G

# Cocoercivity along grad f, also where grad f is 0, and y is x.
X = dot(grad, d)
nothing = {near: norm(d), cauchy_schwarz(-grad, d): nu, zero: -2 * nu * norm(d)}
resting = step("where ∇f = 0", norm(d) ** 2, "<=", nu * X, nothing)
bent = cases("cocoercivity, along ∇f", (moving, nonzero), (resting, zero))
still = step("where ∇f = 0", 0, "<=", X, {cauchy_schwarz(-grad, d): 1, zero: -norm(d)})
back = cases("<∇f, d> ≥ 0", (pushing, nonzero), (still, zero))

# ||p||^2 is at most affine in <grad f, d>, which is in [0, nu G]: largest at an end.
slope = t * (t * nu - 2 * (1 - t))
falls, rises = (
    hypothesis("worst at d = 0", "case", 0, "<=", -slope), hypothesis("worst at the other end", "case", 0, "<=", slope)
)  # fmt: skip
rate = NextRate(stated, CONVEX, largest, *ends)


def at_an_end(end: sp.Expr, edge: Fact, case: Fact) -> Fact:
    """||p||^2 <= Pi^2 G where it is largest at this end."""
    above = one_of(largest, end)
    both = step("a sign", 0, "<=", largest + end, {above: 1, case: 1 / t, ONE: t * nu})
    return step(
        case.name, p.norm2, "<=", largest**2 * G,
        {bent: t**2, edge: case.gap, above: (largest + end) * G}, case, both,
    )  # fmt: skip


size = cases(
    "‖p‖ ≤ Π‖∇f‖", (at_an_end(ends[0], back, falls), falls), (at_an_end(ends[1], far, rises), rises)
)  # fmt: skip
first, second = (one_of(largest, end) for end in ends)
perturbed = {cauchy_schwarz(-after, d): t, near: t * norm(after)}
shorter = step(
    short.name, dot(after, p), "<=", 3 * largest * product,
    {**perturbed, cauchy_schwarz(after, grad): short.gap, first: 2 * product, second: product}, short,
)  # fmt: skip
longer = step(
    long.name, dot(after, p), "<=", 3 * largest * product,
    {**perturbed, cauchy_schwarz(-after, grad): long.gap, second: product, rate.some: 2 * product}, long,
)  # fmt: skip
along = cases("<∇f(x⁺), p> ≤ 3Π‖∇f(x⁺)‖‖∇f‖", (shorter, short), (longer, long))


def below(limit: Fact) -> Fact:
    """Pi < 1 from gamma < gamma_max, or Pi <= 1 from gamma <= gamma_max."""
    first = step("Lγ > 0", ends[0], limit.relation, 1, {ONE: t})
    second = step("Lγ(1 + ν) < 2", ends[1], limit.relation, 1, {limit: L * (1 + nu)})
    return all_of("Π < 1", largest, sp.Integer(1), first, second)


one = rate.one(size, along, below(stated.largest_gamma))
proof = rate.proof(one, below(stated.small_gamma))
