"""R11: <v, e> >= -||v||^2/4 - ||e||^2 in the descent lemma, telescoped as Theorem 3.7."""

import sympy as sp

from samtheory.theorems import ours_non_convex_explicit as explicit
from samtheory.theorems.forms.explicit import T as horizon_of
from samtheory.theorems.symbols import A, B, C, L, Lambda, delta0, epsilon, gamma, lam, rho

from .kernel.analysis import all_of, one_of, root
from .kernel.facts import Fact
from .kernel.rules import ONE, cases, hypothesis, mean, shares, sign, square, step
from .language.terms import G, T, a, define, delta, dot, e, g, grad, in_a, new, norm
from .proof import Proof
from .setting import ER, f, here, smooth, unbiased, x_plus
from .shared.descents import Formulas
from .shared.smoothness import length, within
from .shared.telescope import Weighted, capped

part = sp.Rational
quarter = part(1, 4)
stated = Formulas(explicit.theorem)
K, kappa = define("K", explicit.K), define("κ", explicit.kappa)

moved = step(
    "perturbation, by Jensen", norm(e) ** 2, "<=", (Lambda * rho) ** 2 * (a * norm(g) ** 2 + lam),
    {
        within: norm(e) + Lambda * length, square(norm(g) - 1): (Lambda * rho) ** 2 * a * lam,
        shares(): (Lambda * rho) ** 2 * (a * norm(g) ** 2 + lam),
    },
)  # fmt: skip


def one_step(short: Fact) -> Fact:
    """The one step where L gamma <= 1/4."""
    pathwise = step(
        "the descent lemma for the draw", new, "<=",
        delta - gamma * dot(grad, g) + gamma * (G / 4 + K * norm(g) ** 2 + 5 * quarter * lam * (Lambda * rho) ** 2),
        {
            smooth(f, here, x_plus): 1, square(grad / 2 + e): gamma, square(g - e): L * gamma**2 / 2,
            short: gamma * norm(e) ** 2, moved: 5 * quarter * gamma,
        },
    )  # fmt: skip
    return step("one step", *stated.one_step, {mean(pathwise): 1, unbiased(grad): -gamma, ER: gamma * K})


# (a) The steps that leave half of the descent.
some_a, no_a = hypothesis("a > 0", "case", 0, "<", a), hypothesis("a = 0", "case", 0, "=", a)
some_B, no_B = hypothesis("B > 0", "case", 0, "<", B), hypothesis("B = 0", "case", 0, "=", B)
reach = sp.sqrt(5 * a * B) * Lambda
left = 0, "<", 1 - 4 * B * kappa
both = step("where a, B > 0", *left, {stated.small_rho: reach * (1 + reach * rho)}, some_a, some_B)
without_a = step("where a = 0", *left, {ONE: 1, no_a: -5 * B * (Lambda * rho) ** 2})
without_B = step("where B = 0", *left, {ONE: 1, no_B: -4 * kappa})
room = cases("4Bκ < 1", (cases("where a > 0", (both, some_B), (without_B, no_B)), some_a), (without_a, no_a))
(larger,) = in_a(explicit.theorem.gamma_max).atoms(sp.Max)
size = step(
    "γ ≤ γ_max, multiplied out", L * gamma * larger, "<=", quarter - B * kappa, {stated.small_gamma: L * larger}, room
)
short = step(
    "Lγ ≤ 1/4", L * gamma, "<=", quarter,
    {size: 1 / (1 - 4 * B * kappa), one_of(larger, 1 - 4 * B * kappa): L * gamma / (1 - 4 * B * kappa)}, room,
)  # fmt: skip
half = step(
    "half of the descent", gamma / 2, "<=", stated.descent, {size: gamma, one_of(larger, B): gamma**2 * L}
)  # fmt: skip
falls = step("s > 0", 0, "<", stated.descent, {half: 1, sign(gamma): part(1, 2)})
one = one_step(short)
any_steps = Weighted(one, stated.growth, stated.descent, stated.noise, falls)

# (b) Explicit steps.  A cap with 1/0 in it is none, so each is written as gamma * (1/cap) <= 1.
at_horizon = {horizon_of: T}
inverse_gamma = [define(f"(1/γ_{i})", 1 / cap.subs(at_horizon)) for i, cap in enumerate(explicit.gamma_caps, 1)]
inverse_rho = [define(f"(1/ρ_{i})", 1 / cap) for i, cap in enumerate(explicit.rho_caps, 1)]
biggest, smallest, (gamma_1, gamma_2, gamma_3, gamma_4) = capped(inverse_gamma)
rho_1, rho_2 = (hypothesis(f"ρ ≤ ρ_{i}", "steps", rho * cap, "<=", 1) for i, cap in enumerate(inverse_rho, 1))

fourth = step("Lγ ≤ 1/4", L * gamma, "<=", quarter, {gamma_1: quarter})
radius = step("κ ≤ Lγ", kappa, "<=", L * gamma, {rho_1: L * gamma * (1 + rho * inverse_rho[0])})
half_b = step(
    "half of the descent", gamma / 2, "<=", stated.descent, {radius: gamma * B, gamma_2: gamma / 4}
)  # fmt: skip
firm = step("s > 0", 0, "<", stated.descent, {half_b: 1, sign(gamma): part(1, 2)})
weighted = Weighted(one_step(fourth), stated.growth, stated.descent, stated.noise, firm)
growth = step(
    "αt ≤ 1", stated.growth * T, "<=", 1, {radius: 2 * gamma * A * T, gamma_3: 1 + gamma * inverse_gamma[2]}
)  # fmt: skip
horizon, goal = define("least T", explicit.horizon), epsilon**2
long = hypothesis("T is large enough", "horizon", horizon, "<=", T)
(largest,) = in_a(explicit.horizon).atoms(sp.Max)
unit = 12 * delta0 * L / goal
terms = [
    step("T is large enough", unit * term, "<=", T, {one_of(largest, term): unit, long: 1})
    for term in (4, 8 * B, 48 * delta0 * A / goal, 16 * C / goal)
]
root_3 = root("in roots", 24 * delta0 * sp.sqrt(L * A) / goal, sp.sqrt(T), terms[2])
facts = terms[0], terms[1], root_3, terms[3]
factors = goal, goal, goal * sp.sqrt(T), goal
allowed = all_of(
    "the smallest cap", biggest, goal * T,
    *(
        step(f"cap {i}", 12 * delta0 * cap, "<=", goal * T, {fact: m})
        for i, (cap, fact, m) in enumerate(zip(inverse_gamma, facts, factors, strict=True), 1)
    ),
    times=12 * delta0,
)  # fmt: skip
enough = step("γ is a cap", 12 * delta0 / gamma, "<=", goal * T, {allowed: 1, smallest: 12 * delta0})
noise = step(
    "the noise", 2 * stated.noise / gamma, "<=", goal / 2,
    {radius: 2 * C, gamma_4: goal / 4, rho_2: goal / 4 * (1 + rho * inverse_rho[1])},
)  # fmt: skip
reached = weighted.reached(growth, half_b, enough, noise)

proof = Proof(explicit.theorem, (one,), (any_steps.bound,), (any_steps.closed, reached))
