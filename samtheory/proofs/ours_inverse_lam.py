"""Theory 5.4: Theorem 3.2 at every lam_t = 1/(t+1), and the sum of r^(T-j)/j^2 over j <= T, r = 1 - x, split at T/2."""

import sympy as sp

from samtheory.theorems import ours_inverse_lam as inverse
from samtheory.theorems.symbols import C, L, Lambda, delta0, gamma, lam, mu, rho
from samtheory.theorems.unified_sam_3_2 import gamma_max

from . import unified_sam_3_2 as constant_steps
from .kernel.analysis import power, zeta
from .kernel.rules import ONE, SELF, along, cases, hypothesis, induction, instance, sequence, shares, sign, step
from .language.terms import E, T, a, a_at, define, delta, gap_at, lam_at, new, t
from .proof import Proof
from .setting import start
from .shared.bounds import D_positive

limits, usam = constant_steps.stated, {lam: 0, a: 1}
n_C, n_1 = define("n_C", inverse.n_C), define("n_1", inverse.n_1)
r, x = define("r", 1 - gamma * mu), gamma * mu

# What Theorem 3.2 allows at lam = 0 it allows at every lam.
small = hypothesis("γ ≤ γ_max at λ = 0", "steps", gamma, "<=", define("γ_max", gamma_max.subs(lam, 0)))
a_1 = step("a ≤ 1", a, "<=", 1, {shares(): 1, sign(lam): 1})
stretch, widest = constant_steps.stretch, constant_steps.stretch.subs(usam)
allowed = step(
    "γ ≤ γ_max at λ_t", gamma, "<=", limits.gamma_max,
    {small: widest / stretch, a_1: (1 + a) * Lambda * rho * (1 / L + 2 * gamma * Lambda * rho) / stretch}, D_positive,
)  # fmt: skip
one_step, positive = (
    instance("Theorem 3.2", fact, {}, {limits.small_gamma: allowed})
    for fact in (constant_steps.one, constant_steps.contracts)
)  # fmt: skip
one = step(
    "one step", E(new), "<=", r * delta + n_C + n_1 * lam**2,
    {one_step: 1, a_1: (1 + a) * C * gamma * (Lambda * rho + 2 * L * gamma * (Lambda * rho) ** 2)},
)  # fmt: skip
stays = step("r > 0", 0, "<", r, {positive: 1, ONE: sp.Rational(1, 2)})
shrinks = step("r ≤ 1", r, "<=", 1, {sign(gamma): mu})

# E delta_t, with P_t = sum of r^(t-j)/j^2.
at_t = instance("at λ_t", one, {lam: lam_at(t), a: a_at(t)})
falls = hypothesis("λ_t = 1/(t+1)", "steps", lam_at(t) * (t + 1), "=", 1, times=(t, 0, None))
P, empty, more = sequence("P", t, 0, lambda P: r * P + 1 / (t + 1) ** 2)
summed = induction(
    "added up", t, gap_at(t), "<=", r**t * delta0 + n_C / x * (1 - r**t) + n_1 * P(t),
    {SELF: r, along(at_t): 1, more: -n_1, falls: n_1 * (lam_at(t) * (t + 1) + 1) / (t + 1) ** 2}, stays,
    base={start: 1, empty: -n_1},
)  # fmt: skip

# Each term is at most r^(T/2)/j^2 where j <= T/2, and 4 r^(T-j)/T^2 where j >= T/2; here j = t + 1.
j = t + 1
early, late = hypothesis("j ≤ T/2", "case", 0, "<=", T - 2 * j), hypothesis("j ≥ T/2", "case", 0, "<=", 2 * j - T)
far = step("T - j ≥ T/2", sp.Rational(1, 2) * T, "<=", T - j, {early: sp.Rational(1, 2)})
half_T = T * sp.Rational(1, 2)
half, rest = r**half_T, 4 * r ** (T - j) / T**2
claim = r ** (T - j) / j**2, "<=", half / j**2 + rest
term = cases(
    "each term",
    (step("where j ≤ T/2", *claim, {power(r, T - j, half_T, shrinks, far, stays): 1 / j**2, ONE: rest}, stays), early),
    (step("where j ≥ T/2", *claim, {late: rest * (2 * j + T) / (4 * j**2), ONE: half / j**2}, stays), late),
)
Z, Z_0, Z_more = sequence("Z", t, 0, lambda Z: Z + 1 / j**2)
parts = induction(
    "the sum, split", t, r ** (T - t) * P(t), "<=", half * Z(t) + 4 * r ** (T - t) * (1 - r**t) / (x * T**2),
    {SELF: 1, term: 1, more: r ** (T - j), Z_more: -half}, stays, base={empty: r**T, Z_0: -half},
)  # fmt: skip
whole = instance("all terms", parts, {t: T})
split = step(
    "split at T/2", P(T), "<=", sp.pi**2 / 6 * half + 4 / (x * T**2),
    {whole: 1, zeta(Z, T): half, ONE: 4 * r**T / (x * T**2)}, stays,
)  # fmt: skip
bound = step(
    "at every T", gap_at(T), "<=",
    r**T * delta0 + n_1 * (sp.pi**2 / 6 * half + 4 / (x * T**2)) + n_C / x * (1 - r**T),
    {instance("added up", summed, {t: T}): 1, split: n_1}, stays,
)  # fmt: skip

proof = Proof(inverse.theorem, (one_step,), (bound,))
