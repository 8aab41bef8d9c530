"""Theorem 3.7: the paper's chain without PL, telescoped with the weights (1 + alpha)^-t.

t is the horizon T here.
"""

import sympy as sp

from samtheory.theorems import unified_sam_3_7 as paper
from samtheory.theorems.forms.explicit import T
from samtheory.theorems.symbols import A, B, C, L, Lambda, delta0, epsilon, gamma, lam, rho

from .kernel.facts import ONE, a, assume, define, step
from .kernel.lemmas import at_least, greatest, root
from .kernel.proof import Proof
from .kernel.setting import shares
from .kernel.symbols import SIGNS, t
from .shared.telescope import Weighted, capped
from .unified_sam_rollout import alpha, member, nu, s

part = sp.Rational

# (a) Any steps with s > 0.
falls = assume("steps", "s > 0", 0, "<", s)
weighted = Weighted(member, alpha, s, nu, falls)

# (b) Explicit steps.  A cap with 1/0 in it is none, so each is written as gamma * (1/cap) <= 1.
B1, V = define("B̄", paper.B1), define("V", paper.V)
at_horizon = {T: t}
inverse_rho = [define(f"(1/ρ_{i})", 1 / cap.subs(at_horizon)) for i, cap in enumerate(paper.rho_caps, 1)]
inverse_gamma = [define(f"(1/γ_{i})", 1 / cap.subs(at_horizon)) for i, cap in enumerate(paper.gamma_caps, 1)]
rho_1, rho_2, rho_3 = (assume("steps", f"ρ ≤ ρ_{i}", rho * cap, "<=", 1) for i, cap in enumerate(inverse_rho, 1))
largest, smallest, (gamma_1, gamma_2, gamma_3, gamma_4) = capped(inverse_gamma)

# s >= gamma/2.
a_1 = step("a ≤ 1", a, "<=", 1, {shares: 1, SIGNS[lam]: 1})
radius = step("Λρ ≤ 1/2", 2 * Lambda * rho, "<=", 1, {rho_2: 1, ONE: 4 * Lambda * rho * B * a**2})
bent = step("2Λρa ≤ 1", 2 * Lambda * rho * a, "<=", 1, {radius: 1, a_1: 2 * Lambda * rho})
squared = step("squared", 4 * (Lambda * rho * a) ** 2, "<=", 1, {bent: 1 + 2 * Lambda * rho * a})
sixth = step("Lγ ≤ 1/6", 6 * L * gamma, "<=", 1, {gamma_1: 1, at_least(B1, 1): 6 * L * gamma})
sixth_B = step("BLγ ≤ 1/6", 6 * B * L * gamma, "<=", 1, {gamma_1: 1, at_least(B1, B): 6 * L * gamma})
half = step(
    "half of the descent", gamma / 2, "<=", s,
    {rho_2: gamma / 4, sixth_B: gamma / 4, squared: B * L * gamma**2 / 2},
)  # fmt: skip
firm = step("s > 0", 0, "<", s, {half: 1, SIGNS[gamma]: part(1, 2)})

# alpha t <= 1, so that (1 + alpha)^t <= e <= 3.
growth_1 = step(
    "a third", 6 * A * Lambda * a**2 * rho * gamma * t, "<=", 1,
    {gamma_2: 1, rho_1: 6 * A * Lambda * a**2 * sp.sqrt(t) * gamma},
)  # fmt: skip
growth_2 = step("two thirds", part(9, 2) * A * L * gamma**2 * t, "<=", 1, {gamma_3: 1 + gamma * inverse_gamma[2]})
growth = step(
    "αt ≤ 1", alpha * t, "<=", 1,
    {growth_1: part(1, 3), growth_2: part(2, 3), squared: A * L * gamma**2 * t},
)  # fmt: skip

# The horizon, for each cap that gamma may be, and the noise.
horizon = define("T", paper.horizon)
long = assume("horizon", "t ≥ T", horizon, "<=", t)
goal = epsilon**2
one, two, three_, four, five = (
    step("t ≥ T", term, "<=", t, {at_least(horizon, term): 1, long: 1})
    for term in (
        1,
        72 * B1 * L * delta0 / goal,
        144 * C * L * delta0 / goal**2,
        648 * A * L * delta0**2 / goal**2,
        5184 * (A * Lambda * a**2 * delta0) ** 2 / goal**2,
    )
)  # fmt: skip
positive = step("t > 0", 0, "<", t, {one: 1, ONE: 1})
root_4 = root("in roots", 18 * sp.sqrt(2) * sp.sqrt(A * L) * delta0 / goal, sp.sqrt(t), four)
root_5 = root("in roots", 72 * A * Lambda * a**2 * delta0 / goal, sp.sqrt(t), five)
needs = 12 * delta0
allowed = greatest(
    "the smallest cap", largest, goal * t,
    step("the first cap", needs * inverse_gamma[0], "<=", goal * t, {two: goal}),
    step("the second cap", needs * inverse_gamma[1], "<=", goal * t, {root_5: goal * sp.sqrt(t)}),
    step("the third cap", needs * inverse_gamma[2], "<=", goal * t, {root_4: goal * sp.sqrt(t)}),
    step("the fourth cap", needs * inverse_gamma[3], "<=", goal * t, {three_: goal}),
    times=needs,
)  # fmt: skip
enough = step("γ is a cap", needs / gamma, "<=", goal * t, {allowed: 1, smallest: needs})
noise = step(
    "the noise", 2 * nu / gamma, "<=", goal / 2,
    {
        rho_3: goal / 4, gamma_4: goal / 4, squared: L * gamma * C,
        sixth: 2 * Lambda * rho * lam**2 / 6, radius: 2 * Lambda * rho * lam**2 * L * gamma,
    },
)  # fmt: skip
reached = weighted.reached(growth, half, positive, enough, noise)

proof = Proof(paper.theorem, (weighted.bound, weighted.closed, firm, reached))
