"""The bonus between two points whose gradients are at least m long, added up, and the quadratic inequality solved."""

from __future__ import annotations

import sympy as sp

from samtheory.theorems import ours_sam_smallest as exact
from samtheory.theorems.symbols import L, delta0, gamma, lam, rho

from .kernel.analysis import cauchy_schwarz
from .kernel.rules import ONE, SELF, along, cases, hypothesis, induction, instance, square, step
from .language.terms import E, G, T, a, define, delta, dot, gap_at, grad, grad2_at, in_a, new, norm, slope, t
from .proof import Proof
from .setting import d, f, here, least, m, start, whole_slope, whole_step
from .shared import quadratic
from .shared.bonus import between
from .shared.bounds import smooth_gap
from .shared.full_batch import h, move, pushed, pushed_squared, root_G

short = hypothesis("γ ≤ γ_max", "steps", 0, "<=", 1 - L * gamma)
small = hypothesis("ρ < ρ_max", "steps", 0, "<", 1 - a * L * rho)
tau, u, n = L * gamma, 1 - a * L * rho, lam * L * rho
zeta = quadratic.z
above = hypothesis("uζ ≥ n", "case", 0, "<=", u * zeta - n)

# One step, for any zeta with u zeta >= n: the best where zeta is the length of both gradients.
after = f.gradient(move)
x, p = norm(after), grad - tau * h
alpha, beta, quarter = 1 - tau * u, tau * n, 1 / (4 * L)
length = alpha * root_G + beta
keeps = step("α ≥ 0", 0, "<=", alpha, {short: 1, ONE: tau * a * L * rho})
size = step(
    "the next gradient", p.norm2, "<=", length**2,
    {cauchy_schwarz(-grad, d): 2 * tau * short.gap, pushed: 2 * tau * short.gap * root_G, pushed_squared: tau**2},
    short,
)  # fmt: skip
along_it = step(
    "along it", dot(after, p), "<=", x * length,
    {cauchy_schwarz(after, grad): short.gap, cauchy_schwarz(-after, d): tau, pushed: tau * x}, short,
)  # fmt: skip
gain = tau * (u * zeta - n) / zeta
k, Y = gain / (4 * L), (2 * tau * u + alpha * gain) / (4 * L)
R = tau * n * (2 - gain) * zeta / (4 * L)
one = step(
    "one step", E(new) + k * E(slope), "<=", delta - Y * G + R,
    {
        whole_step: 1, whole_slope: k, between(f, here, move): 1, size: quarter, along_it: 2 * quarter,
        square(root_G - x): alpha * quarter, square(zeta - x): beta / zeta * quarter,
        square(root_G - zeta): alpha * beta / zeta * quarter,
    },
    keeps,
)  # fmt: skip

# Added up over T - 1 steps, where every squared gradient is at least m.
D = define("D", (k + Y) * m - R)
more = step("k + Y ≥ 0", 0, "<=", k + Y, {ONE: k + Y}, above, keeps, small)
first = step("Y ≥ 0", 0, "<=", Y, {ONE: Y}, above, keeps, small)
falls = along(one)
added = induction(
    "added up", t, gap_at(t) + k * grad2_at(t), "<=", delta0 - t * D + k * m,
    {SELF: 1, falls: 1, least: k + Y}, more, first, first=sp.Integer(1), last=T,
    base={instance("at 0", falls, {t: 0}): 1, start: 1, instance("at 0", least, {t: 0}): Y},
)  # fmt: skip
several = hypothesis("T ≥ 2", "time", 2, "<=", T)
steps = T - 1
enough = step("T - 1 ≥ 0", 0, "<=", steps, {several: 1, ONE: 1})
last, flat, longest = (
    instance("at T - 1", fact, {t: steps}, {}, enough) for fact in (added, along(smooth_gap), least)
)  # fmt: skip
whole = step(
    "in all", 4 * L * steps * D + 2 * m, "<=", 4 * L * delta0, {last: 4 * L, flat: 2, longest: 2 + 4 * L * k}, above
)
squared = instance("m = ζ²", whole, {m: zeta**2})
mean_length = (4 - tau * u) * zeta + tau * n
claim = steps * tau * (u * zeta - n) * mean_length + 2 * zeta**2, "<=", 4 * L * delta0
beyond = step("where uζ ≥ n", *claim, {squared: 1})
# Where u zeta <= n the first term is not positive.
single = step("one point", m, "<=", 2 * L * delta0,
    {instance("at 0", least, {t: 0}): 1, instance("at 0", along(smooth_gap), {t: 0}): 1, start: 2 * L})  # fmt: skip
under = hypothesis("uζ ≤ n", "case", 0, "<=", n - u * zeta)
wide = step("4 - Lγu ≥ 0", 0, "<=", 4 - tau * u, {keeps: 1, ONE: 3})
near = step("where uζ ≤ n", *claim,
    {instance("m = ζ²", single, {m: zeta**2}): 2, under: steps * tau * mean_length}, wide, enough)  # fmt: skip
found = cases("a quadratic inequality", (beyond, above), (near, under))

# Its solution.
c, b, rest = (in_a(each) for each in (exact.c, exact.b, exact.d))
half = step("4 - 2Lγu ≥ 0", 0, "<=", 4 - 2 * tau * u, {keeps: 2, ONE: 2})
part = step("1 - 1/T ≥ 0", 0, "<=", 1 - 1 / T, {enough: 1 / T})
signs = part, small, wide, half
c_positive = step("c > 0", 0, "<", c, {ONE: c}, *signs)
b_positive, d_positive = (step(f"{name} ≥ 0", 0, "<=", x, {ONE: x}, *signs) for name, x in (("b", b), ("d", rest)))
as_stated = step("cζ² ≤ bζ + d", c * zeta**2, "<=", b * zeta + rest, {found: 1 / T})
values = {quadratic.c: c, quadratic.b: b, quadratic.d: rest}
bounded = instance(
    "ζ² ≤ Z²", quadratic.bounded, values, {quadratic.below: as_stated}, c_positive, b_positive, d_positive
)  # fmt: skip
positive, zero = hypothesis("m > 0", "case", 0, "<", m), hypothesis("m = 0", "case", 0, "=", m)
best = instance("ζ = √m", bounded, {zeta: sp.sqrt(m)}, {}, positive)
firm = step("Δ ≥ 0", 0, "<=", in_a(exact.under_root), {ONE: in_a(exact.under_root)}, c_positive, d_positive)
largest = in_a(exact.solution)
none = step("where m = 0", m, "<=", largest, {zero: -1, ONE: largest}, firm, c_positive)
bound = cases("T ≥ 2", (best, positive), (none, zero))
only = step("T = 1", m, "<=", 2 * L * delta0, {single: 1})
proof = Proof(exact.theorem, (), (bound, only), (one,))
