"""The bonus with ||grad f - L gamma h|| <= Pi ||grad f||, by the triangle inequality."""

import sympy as sp

from samtheory.theorems.forms.bonus import SMOOTH
from samtheory.theorems.ours_usam_deterministic import nu
from samtheory.theorems.ours_usam_next import Pi, t, theorem
from samtheory.theorems.symbols import L

from .kernel.analysis import all_of, cauchy_schwarz, one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, step
from .language.terms import G, define, dot, grad, norm
from .ours_usam_deterministic import high, long, low, near, short, squared
from .setting import d, f
from .shared.bonus import NextRate
from .shared.descents import Formulas
from .shared.full_batch import h, move, root_G

stated = Formulas(theorem, below="<")
largest = define("Π", Pi)
ends = 1 - t + t * nu, t - 1 + t * nu
p, after = grad - t * h, f.gradient(move)
product = norm(after) * root_G


def within(case: Fact, end: sp.Expr, sign: int, edge: Fact) -> tuple[Fact, Fact]:
    """||p||^2 <= Pi^2 G and <grad f(x+), p> <= Pi ||grad f(x+)|| ||grad f|| in one of the cases."""
    above = one_of(largest, end)
    both = step("a sign", 0, "<=", largest + end, {above: 1, case: 2, ONE: 2 * t * nu})
    size = step(
        case.name, p.norm2, "<=", largest**2 * G,
        {edge: 2 * t * case.gap, squared: t**2, above: (largest + end) * G}, case, both,
    )  # fmt: skip
    along = step(
        case.name, dot(after, p), "<=", largest * product,
        {cauchy_schwarz(sign * after, grad): case.gap, cauchy_schwarz(-after, d): t, near: t * norm(after),
         above: product}, case,
    )  # fmt: skip
    return size, along


shorter, longer = within(short, ends[0], 1, low), within(long, ends[1], -1, high)
size, along = (
    cases(name, (first, short), (second, long))
    for name, first, second in zip(("‖p‖ ≤ Π‖∇f‖", "<∇f(x⁺), p> ≤ Π‖∇f(x⁺)‖‖∇f‖"), shorter, longer, strict=True)
)


def below(limit: Fact) -> Fact:
    """Pi < 1 from gamma < gamma_max, or Pi <= 1 from gamma <= gamma_max."""
    sign = limit.relation
    small = step("ν < 1", 0, "<", 1 - nu, {stated.small_rho: L})
    first = step("Lγ(1 - ν) > 0", ends[0], sign, 1, {small: t})
    second = step("Lγ(1 + ν) < 2", ends[1], sign, 1, {limit: L * (1 + nu)})
    return all_of("Π < 1", largest, sp.Integer(1), first, second)


rate = NextRate(stated, SMOOTH, largest, *ends)
one = rate.one(size, along, below(stated.largest_gamma))
proof = rate.proof(one, below(stated.small_gamma))
