"""The master inequality at lam = 0 with sqrt(E||g||^2) <= sqrt(k) ||grad f||."""

from samtheory.theorems import ours_strong_growth as growth
from samtheory.theorems import shin_2025_h_3 as shin
from samtheory.theorems.symbols import C, L, Lambda, Lambda2, gamma, k, lam, mu, rho

from .kernel.analysis import root
from .kernel.rules import ONE, hypothesis, instance, square, step
from .language.terms import G, M, a, define
from .ours_3_2_plus import root_k
from .ours_tight import root_small
from .shared.bounds import D, D_positive, mu_D, mu_L
from .shared.descents import Formulas
from .shared.master import one_step, root_G, root_M
from .unified_sam_3_2 import few

stated = Formulas(growth.theorem, below="<")
slope, bend = define("slope", growth.slope), define("bend", growth.bend)

usam = instance("master inequality, λ = 0", one_step, {a: 1, lam: 0})
common = hypothesis("C = 0", "interpolation", C, "=", 0)
second = step("second moment", M, "<=", k * G, {few: 1, common: 1})
squared = step("second moment, in roots", root_M**2, "<=", (root_k * root_G) ** 2, {second: 1})
grown = root("strong growth", root_M, root_k * root_G, squared)
one = step(
    "one step", *stated.one_step,
    {usam: 1, grown: gamma * rho * Lambda2 * root_G, second: L * gamma**2 / 2 * (1 + Lambda * rho) ** 2},
)  # fmt: skip

positive = step("slope > 0", 0, "<", slope, {stated.small_rho: Lambda2 * root_k}, D_positive)
falls = step("s > 0", 0, "<", stated.descent, {stated.small_gamma: gamma * bend / 2}, D_positive)
stays = step("s ≥ 0", 0, "<=", stated.descent, {stated.largest_gamma: gamma * bend / 2}, D_positive)
ahead = step("LD ≤ μ bend", L * D, "<=", mu * bend, {ONE: L * D * Lambda * rho * (2 + Lambda * rho)})
lost = rho * Lambda2 * root_k
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {
        square(gamma * bend - slope): mu / bend, ahead: 1 / (mu * bend), mu_L: D / (mu * bend), mu_D: 1 / bend,
        ONE: mu * lost * (1 + slope) / bend,
    },
    D_positive, positive,
)  # fmt: skip
usual = define("γ of the statement", growth.theorem.gamma_usual)
rate = step(
    "the best step", 2 * mu * define("s there", growth.theorem.descent.subs(gamma, growth.theorem.gamma_usual)), "=",
    usual * mu * slope, {}, D_positive,
)  # fmt: skip
theirs = define("slope of Shin et al.", shin.slope)
larger = step(
    "never worse than Shin et al.", theirs, "<=", slope,
    {root_small: rho * root_k, square(1 - root_k): Lambda * rho / 2}, D_positive,
)  # fmt: skip

proof = stated.linear(one, falls, contracts, rate, larger, stays=stays)
