"""Corollary 3.3: the simplified steps are admissible for Theorem 3.2; N <= epsilon/2 where they are small enough."""

import sympy as sp

from samtheory.theorems import unified_sam_3_3 as paper
from samtheory.theorems.symbols import C, L, Lambda, delta0, epsilon, gamma, lam, mu, rho

from . import unified_sam_3_2 as constant_steps
from .kernel.analysis import one_of
from .kernel.rules import along, hypothesis, instance, shares, sign, step
from .language.terms import a, define, gap_at, in_a, t
from .proof import Proof
from .shared.bounds import D, D_positive, mu_D
from .shared.constant_steps import Formulas
from .shared.powers import compound, exponential
from .shared.recursion import unrolled
from .unified_sam_3_2 import stretch

part = sp.Rational
stated = Formulas(paper.theorem)
small_rho = hypothesis("ρ ≤ ρ_s", "steps", rho, "<=", define("ρ_s", paper.rho_simple))
small_gamma = hypothesis("γ ≤ γ_s", "steps", gamma, "<=", define("γ_s", paper.gamma_simple))

# The simplified steps are admissible.
(larger,) = in_a(paper.rho_simple).atoms(sp.Max)
first, second = one_of(larger, mu), one_of(larger, 2 * D * a**2)
radius = step("ρ ≤ ρ_s, multiplied out", 4 * Lambda * rho * larger, "<=", mu, {small_rho: 4 * Lambda * larger})
quarter = step("Λρ ≤ 1/4", 4 * Lambda * rho, "<=", 1, {radius: 1 / mu, first: 4 * Lambda * rho / mu})
half = step(
    "half of γ_max is left", Lambda * rho * (mu + 2 * D * a**2), "<=", mu / 2,
    {quarter: mu / 4, radius: part(1, 4), second: Lambda * rho},
)  # fmt: skip
allowed_rho = step(
    "ρ < ρ_max", rho, "<", constant_steps.stated.rho_max,
    {half: 1 / (Lambda * (mu + 2 * D * a**2)), sign(mu): 1 / (2 * Lambda * (mu + 2 * D * a**2))},
)  # fmt: skip

a_1 = step("a ≤ 1", a, "<=", 1, {shares(): 1, sign(lam): 1})
bent = step("4Λρa ≤ 1", 4 * Lambda * rho * a, "<=", 1, {quarter: 1, a_1: 4 * Lambda * rho})
squared = step("squared", 16 * (Lambda * rho * a) ** 2, "<=", 1, {bent: 1 + 4 * Lambda * rho * a})
step_size = step("γ ≤ γ_s, multiplied out", 8 * L * D * gamma, "<=", mu, {small_gamma: 8 * L * D}, D_positive)
by = {half: 1, step_size: part(9, 32), squared: L * D * gamma / 4, sign(mu): part(7, 32)}
allowed_gamma = step(
    "γ ≤ γ_max", gamma, "<=", constant_steps.stated.gamma_max,
    {fact: m / (2 * L * D * stretch) for fact, m in by.items()}, D_positive,
)  # fmt: skip
theorem_3_2 = instance("Theorem 3.2", constant_steps.one, {}, {constant_steps.stated.small_gamma: allowed_gamma})
one = step("one step", *stated.one_step, {theorem_3_2: 1})
contracts = instance(
    "Theorem 3.2", constant_steps.nonnegative, {}, {constant_steps.stated.small_gamma: allowed_gamma}
)  # fmt: skip
nonnegative = step("q ≥ 0", 0, "<=", stated.q, {contracts: 1})
shrinks = step("q < 1", 0, "<", 1 - stated.q, {sign(gamma): mu})
bound, limit, _ = unrolled(along(one), stated.q, stated.N, nonnegative, shrinks)

# With epsilon; a limit with 1/0 in it is none.
tiny_rho = hypothesis("ρ ≤ ρ_ε", "steps", rho * define("(1/ρ_ε)", 1 / paper.rho_epsilon), "<=", 1)
tiny_gamma = hypothesis("γ ≤ γ_ε", "steps", gamma * define("(1/γ_ε)", 1 / paper.gamma_epsilon), "<=", 1)
eighth = step("Lγ ≤ 1/8", 8 * L * gamma, "<=", 1, {step_size: 1 / D, mu_D: 1 / D}, D_positive)
by = {
    tiny_gamma: mu * epsilon / 4,
    tiny_rho: mu * epsilon / 4,
    squared: L * gamma * C / 8,
    quarter: Lambda * rho * lam**2 / 16,
    eighth: (Lambda * rho * lam) ** 2 / 4,
}
near = step("N ≤ ε/2", stated.N, "<=", epsilon / 2, {fact: m / mu for fact, m in by.items()}, shrinks)
some = hypothesis("δ₀ > 0", "start", 0, "<", delta0)
long = hypothesis("t ≥ log(2δ₀/ε)/(γμ)", "horizon", define("T", paper.horizon), "<=", t)
longer = step("multiplied out", sp.log(2 * delta0 / epsilon), "<=", gamma * mu * t, {long: gamma * mu}, some)
gone = {compound(stated.q, t, nonnegative): delta0, exponential(longer, some): epsilon / 2 * sp.exp(-gamma * mu * t)}
complexity = step("the iterations", gap_at(t), "<=", epsilon, {limit: 1, near: 1, **gone}, shrinks, some)

proof = Proof(paper.theorem, (one,), (bound,), (allowed_rho, limit, complexity))
