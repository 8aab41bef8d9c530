"""R2: -<v, h> + ||h||^2/2 = (||h - v||^2 - ||v||^2)/2 in the descent lemma, for gamma <= 1/L."""

import sympy as sp

from samtheory.theorems import unified_sam_3_4 as paper
from samtheory.theorems.ours_sam_deterministic import theorem
from samtheory.theorems.symbols import L, gamma, lam, mu, rho

from .kernel.rules import ONE, cases, hypothesis, square, step
from .language.terms import E, G, a, define, delta, in_a, new, norm
from .setting import d
from .shared.bounds import mu_L
from .shared.descents import Formulas
from .shared.full_batch import descent, h, jensen

stated = Formulas(theorem)
short = step("Lγ ≤ 1", L * gamma, "<=", 1, {stated.small_gamma: L})
inexact = step(
    "inexact gradient", E(new), "<=", delta - gamma / 2 * (G - norm(d) ** 2),
    {descent: 1, square(h): gamma / 2 * (1 - L * gamma)}, short,
)  # fmt: skip
one = step("one step", *stated.one_step, {inexact: 1, jensen: gamma / 2})

some, none = hypothesis("a > 0", "case", 0, "<", a), hypothesis("a = 0", "case", 0, "=", a)
nu, left = sp.sqrt(a) * L * rho, 1 - a * (L * rho) ** 2
firm = cases(
    "aL²ρ² < 1",
    (step("where a > 0", 0, "<", left, {stated.small_rho: L * sp.sqrt(a) * (1 + nu)}, some), some),
    (step("where a = 0", 0, "<", left, {ONE: 1, none: -((L * rho) ** 2)}), none),
)
falls = step("s > 0", 0, "<", stated.descent, {firm: gamma / 2})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {short: mu / L, mu_L: 1 / L, ONE: gamma * mu * a * (L * rho) ** 2},
)  # fmt: skip

# SAM: the neighbourhood is below that of Corollary 3.4 wherever that holds, rho < 1/L; the rates agree.
sam = {a: 0, lam: 1}
allowed = hypothesis(
    "ρ < ρ_max of Corollary 3.4", "steps", rho, "<", define("1/L", in_a(paper.theorem.rho_max).subs(sam))
)
ours, theirs = (
    define(f"N at λ = 1, {name}", in_a(noise / rate).subs(sam))
    for name, noise, rate in (
        ("ours", theorem.noise, 2 * mu * theorem.descent),
        ("Corollary 3.4", paper.theorem.noise, 1 - paper.theorem.contraction),
    )
)  # fmt: skip
dominates = step(
    "below Corollary 3.4", ours, "<=", theirs,
    {allowed: L**2 * rho / (2 * mu), ONE: L * rho / (2 * mu) + 2 * gamma * (L * rho) ** 2 * L / mu},
)  # fmt: skip
slope_ours, slope_theirs = 2 * mu * in_a(theorem.descent).subs(sam), 1 - paper.theorem.contraction
same_rate = step("the rate of SAM", define("x, ours", slope_ours), "=", define("x of Corollary 3.4", slope_theirs), {})

proof = stated.linear(one, falls, contracts, dominates, same_rate)
