"""Theory 5.4: Theorem 3.2 at every lam_t = 1/(t+1), and the sum of r^(T-j)/j^2 over j <= T, r = 1 - x, split at T/2."""

import sympy as sp

from samtheory.theorems import ours_inverse_lam as inverse
from samtheory.theorems.symbols import C, L, Lambda, delta0, gamma, lam, mu, rho
from samtheory.theorems.unified_sam_3_2 import gamma_max

from . import unified_sam_3_2 as constant_steps
from .kernel.facts import ONE, SELF, a, assume, define, induction, step
from .kernel.lemmas import along, cases, instance, power, zeta
from .kernel.proof import Proof
from .kernel.setting import shares
from .kernel.symbols import SIGNS, T, delta, delta_new, gap_at, t
from .kernel.vectors import function
from .shared.bounds import D_positive
from .shared.recursion import start

limits, usam = constant_steps.stated, {lam: 0, a: 1}
n_C, n_1 = define("n_C", inverse.n_C), define("n_1", inverse.n_1)
r, x = define("r", 1 - gamma * mu), gamma * mu

# What Theorem 3.2 allows at lam = 0 it allows at every lam.
small = assume("steps", "γ ≤ γ_max at λ = 0", gamma, "<=", define("γ_max", gamma_max.subs(lam, 0)))
a_1 = step("a ≤ 1", a, "<=", 1, {shares: 1, SIGNS[lam]: 1})
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
    "one step", delta_new, "<=", r * delta + n_C + n_1 * lam**2,
    {one_step: 1, a_1: (1 + a) * C * gamma * (Lambda * rho + 2 * L * gamma * (Lambda * rho) ** 2)},
)  # fmt: skip
stays = step("r > 0", 0, "<", r, {positive: 1, ONE: sp.Rational(1, 2)})
shrinks = step("r ≤ 1", r, "<=", 1, {SIGNS[gamma]: mu})

# E delta_t, with P_t = sum of r^(t-j)/j^2.
P = function("P")
falls = assume("steps", "λ_t = 1/(t+1)", lam * (t + 1), "=", 1, t)
empty = assume("definition", "P_0 = 0", P(0), "=", 0)
more = assume("definition", "P_{t+1} = r P_t + 1/(t+1)²", P(t + 1), "=", r * P(t) + 1 / (t + 1) ** 2, t)
summed = induction(
    "added up", t, gap_at(t), "<=", r**t * delta0 + n_C / x * (1 - r**t) + n_1 * P(t),
    {SELF: r, along(one): 1, more: -n_1, falls: n_1 * (lam * (t + 1) + 1) / (t + 1) ** 2}, stays,
    base={start: 1, empty: -n_1},
)  # fmt: skip

# Each term is at most r^(T/2)/j^2 where j <= T/2, and 4 r^(T-j)/T^2 where j >= T/2; here j = t + 1.
j = t + 1
early, late = assume("case", "j ≤ T/2", 0, "<=", T - 2 * j), assume("case", "j ≥ T/2", 0, "<=", 2 * j - T)
far = step("T - j ≥ T/2", sp.Rational(1, 2) * T, "<=", T - j, {early: sp.Rational(1, 2)})
half, rest = r ** (T * sp.Rational(1, 2)), 4 * r ** (T - j) / T**2
claim = r ** (T - j) / j**2, "<=", half / j**2 + rest
term = cases(
    "each term",
    (step("where j ≤ T/2", *claim, {power(r, shrinks, far, stays): 1 / j**2, ONE: rest}, stays), early),
    (step("where j ≥ T/2", *claim, {late: rest * (2 * j + T) / (4 * j**2), ONE: half / j**2}, stays), late),
)
Z = function("Z")
Z_0 = assume("definition", "Z_0 = 0", Z(0), "=", 0)
Z_more = assume("definition", "Z_{t+1} = Z_t + 1/(t+1)²", Z(t + 1), "=", Z(t) + 1 / j**2, t)
parts = induction(
    "the sum, split", t, r ** (T - t) * P(t), "<=", half * Z(t) + 4 * r ** (T - t) * (1 - r**t) / (x * T**2),
    {SELF: 1, term: 1, more: r ** (T - j), Z_more: -half}, stays, base={empty: r**T, Z_0: -half},
)  # fmt: skip
whole = instance("all terms", parts, {t: T})
split = step(
    "split at T/2", P(T), "<=", sp.pi**2 / 6 * half + 4 / (x * T**2),
    {whole: 1, zeta(Z(T)): half, ONE: 4 * r**T / (x * T**2)}, stays,
)  # fmt: skip
bound = step(
    "at every T", gap_at(T), "<=",
    r**T * delta0 + n_1 * (sp.pi**2 / 6 * half + 4 / (x * T**2)) + n_C / x * (1 - r**T),
    {instance("added up", summed, {t: T}): 1, split: n_1}, stays,
)  # fmt: skip

proof = Proof(inverse.theorem, (bound,))
