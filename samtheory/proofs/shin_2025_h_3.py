"""Shin et al., Theorems 6.6 and H.3: the master inequality at lam = 0 with E||g||^2 <= k ||grad f||^2."""

from samtheory.theorems import shin_2025_h_3 as shin
from samtheory.theorems.symbols import C, L, Lambda, gamma, k, lam, mu, rho

from .kernel.rules import ONE, hypothesis, instance, square, step
from .language.terms import G, M, a, define
from .ours_tight import root_small
from .shared.bounds import D, D_positive, mu_D, mu_L
from .shared.descents import Formulas
from .shared.master import one_step, root_G, root_M
from .unified_sam_3_2 import few

stated = Formulas(shin.theorem, below="<")
slope, bend = define("slope", shin.slope), define("bend", shin.bend)

usam = instance("master inequality, λ = 0", one_step, {a: 1, lam: 0})
common = hypothesis("C = 0", "interpolation", C, "=", 0)
second = step("second moment", M, "<=", k * G, {few: 1, common: 1})
one = step(
    "one step", *stated.one_step,
    {
        usam: 1, root_small: gamma * rho * root_G * root_M, square(root_G - root_M): gamma * Lambda * rho / 2,
        second: gamma * Lambda * rho / 2 + L * gamma**2 / 2 * (1 + Lambda * rho) ** 2,
    },
)  # fmt: skip

positive = step("slope > 0", 0, "<", slope, {stated.small_rho: (k + 1) * Lambda / 2})
falls = step("s > 0", 0, "<", stated.descent, {stated.small_gamma: gamma * bend / 2}, D_positive)
stays = step("s ≥ 0", 0, "<=", stated.descent, {stated.largest_gamma: gamma * bend / 2}, D_positive)
ahead = step("LD ≤ μ bend", L * D, "<=", mu * bend, {ONE: L * D * Lambda * rho * (2 + Lambda * rho)})
lost = (k + 1) * Lambda * rho / 2
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {
        square(gamma * bend - slope): mu / bend, ahead: 1 / (mu * bend), mu_L: D / (mu * bend), mu_D: 1 / bend,
        ONE: mu * lost * (1 + slope) / bend,
    },
    D_positive, positive,
)  # fmt: skip
usual = define("γ of the statement", shin.theorem.gamma_usual)
rate = step(
    "their step", 2 * mu * define("s there", shin.theorem.descent.subs(gamma, shin.theorem.gamma_usual)), "=",
    usual * mu * slope, {}, D_positive,
)  # fmt: skip

proof = stated.linear(one, falls, contracts, rate, stays=stays)
