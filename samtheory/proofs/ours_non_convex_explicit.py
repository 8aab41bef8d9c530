"""R11: <v, e> >= -||v||^2/4 - ||e||^2 in the descent lemma, telescoped as Theorem 3.7."""

import sympy as sp

from samtheory.theorems import ours_non_convex_explicit as explicit
from samtheory.theorems.forms.explicit import T
from samtheory.theorems.symbols import A, B, C, L, Lambda, delta0, epsilon, gamma, lam, rho

from .kernel.facts import ONE, Fact, a, assume, define, in_a, square, step
from .kernel.lemmas import at_least, cases, greatest, mean, root
from .kernel.proof import Proof
from .kernel.setting import ER, shares, unbiased
from .kernel.symbols import SIGNS, G, delta, e, g, grad, h, new, t
from .kernel.vectors import dot, norm
from .shared.descents import Formulas
from .shared.smoothness import descends, length, within
from .shared.telescope import Weighted, capped

part = sp.Rational
quarter = part(1, 4)
stated = Formulas(explicit.theorem)
K, bent = define("K", explicit.K), define("κ", explicit.bent)

moved = step(
    "perturbation, by Jensen", norm(e) ** 2, "<=", (Lambda * rho) ** 2 * (a * norm(g) ** 2 + lam),
    {
        within: norm(e) + Lambda * length, square(norm(g) - 1): (Lambda * rho) ** 2 * a * lam,
        shares: (Lambda * rho) ** 2 * (a * norm(g) ** 2 + lam),
    },
)  # fmt: skip


def one_step(short: Fact) -> Fact:
    """The one step where L gamma <= 1/4."""
    pathwise = step(
        "the descent lemma for the draw", new, "<=",
        delta - gamma * dot(grad, g) + gamma * (G / 4 + K * norm(g) ** 2 + 5 * quarter * lam * (Lambda * rho) ** 2),
        {
            descends(new - delta, -gamma * h): 1, square(grad / 2 + e): gamma, square(g - e): L * gamma**2 / 2,
            short: gamma * norm(e) ** 2, moved: 5 * quarter * gamma,
        },
    )  # fmt: skip
    return step("one step", *stated.one_step, {mean(pathwise): 1, unbiased: -gamma, ER: gamma * K})


# (a) The steps that leave half of the descent.
some_a, no_a = assume("case", "a > 0", 0, "<", a), assume("case", "a = 0", 0, "=", a)
some_B, no_B = assume("case", "B > 0", 0, "<", B), assume("case", "B = 0", 0, "=", B)
reach = sp.sqrt(5 * a * B) * Lambda
left = 0, "<", 1 - 4 * B * bent
both = step("where a, B > 0", *left, {stated.small_rho: reach * (1 + reach * rho)}, some_a, some_B)
without_a = step("where a = 0", *left, {ONE: 1, no_a: -5 * B * (Lambda * rho) ** 2})
without_B = step("where B = 0", *left, {ONE: 1, no_B: -4 * bent})
room = cases("4Bκ < 1", (cases("where a > 0", (both, some_B), (without_B, no_B)), some_a), (without_a, no_a))
(larger,) = in_a(explicit.theorem.gamma_max).atoms(sp.Max)
size = step(
    "γ ≤ γ_max, multiplied out", L * gamma * larger, "<=", quarter - B * bent, {stated.small_gamma: L * larger}, room
)
short = step(
    "Lγ ≤ 1/4", L * gamma, "<=", quarter,
    {size: 1 / (1 - 4 * B * bent), at_least(larger, 1 - 4 * B * bent): L * gamma / (1 - 4 * B * bent)}, room,
)  # fmt: skip
half = step(
    "half of the descent", gamma / 2, "<=", stated.descent, {size: gamma, at_least(larger, B): gamma**2 * L}
)  # fmt: skip
falls = step("s > 0", 0, "<", stated.descent, {half: 1, SIGNS[gamma]: part(1, 2)})
any_steps = Weighted(one_step(short), stated.growth, stated.descent, stated.noise, falls)

# (b) Explicit steps.  A cap with 1/0 in it is none, so each is written as gamma * (1/cap) <= 1.
at_horizon = {T: t}
inverse_gamma = [define(f"(1/γ_{i})", 1 / cap.subs(at_horizon)) for i, cap in enumerate(explicit.gamma_caps, 1)]
inverse_rho = [define(f"(1/ρ_{i})", 1 / cap) for i, cap in enumerate(explicit.rho_caps, 1)]
biggest, smallest, (gamma_1, gamma_2, gamma_3, gamma_4) = capped(inverse_gamma)
rho_1, rho_2 = (assume("steps", f"ρ ≤ ρ_{i}", rho * cap, "<=", 1) for i, cap in enumerate(inverse_rho, 1))

fourth = step("Lγ ≤ 1/4", L * gamma, "<=", quarter, {gamma_1: quarter})
radius = step("κ ≤ Lγ", bent, "<=", L * gamma, {rho_1: L * gamma * (1 + rho * inverse_rho[0])})
half_b = step(
    "half of the descent", gamma / 2, "<=", stated.descent, {radius: gamma * B, gamma_2: gamma / 4}
)  # fmt: skip
firm = step("s > 0", 0, "<", stated.descent, {half_b: 1, SIGNS[gamma]: part(1, 2)})
weighted = Weighted(one_step(fourth), stated.growth, stated.descent, stated.noise, firm)
growth = step(
    "αt ≤ 1", stated.growth * t, "<=", 1, {radius: 2 * gamma * A * t, gamma_3: 1 + gamma * inverse_gamma[2]}
)  # fmt: skip
horizon, goal = define("T", explicit.horizon), epsilon**2
long, begun = assume("horizon", "t ≥ T", horizon, "<=", t), assume("horizon", "t ≥ 1", 1, "<=", t)
(largest,) = in_a(explicit.horizon).atoms(sp.Max)
unit = 12 * delta0 * L / goal
terms = [
    step("t ≥ T", unit * term, "<=", t, {at_least(largest, term): unit, long: 1})
    for term in (4, 8 * B, 48 * delta0 * A / goal, 16 * C / goal)
]
root_3 = root("in roots", 24 * delta0 * sp.sqrt(L * A) / goal, sp.sqrt(t), terms[2])
facts = terms[0], terms[1], root_3, terms[3]
factors = goal, goal, goal * sp.sqrt(t), goal
allowed = greatest(
    "the smallest cap", biggest, goal * t,
    *(
        step(f"cap {i}", 12 * delta0 * cap, "<=", goal * t, {fact: m})
        for i, (cap, fact, m) in enumerate(zip(inverse_gamma, facts, factors, strict=True), 1)
    ),
    times=12 * delta0,
)  # fmt: skip
enough = step("γ is a cap", 12 * delta0 / gamma, "<=", goal * t, {allowed: 1, smallest: 12 * delta0})
positive = step("t > 0", 0, "<", t, {begun: 1, ONE: 1})
noise = step(
    "the noise", 2 * stated.noise / gamma, "<=", goal / 2,
    {radius: 2 * C, gamma_4: goal / 4, rho_2: goal / 4 * (1 + rho * inverse_rho[1])},
)  # fmt: skip
reached = weighted.reached(growth, half_b, positive, enough, noise)

proof = Proof(explicit.theorem, (any_steps.bound, any_steps.closed, reached))
