"""Theorem 3.7: the paper's chain without PL, telescoped with the weights (1 + alpha)^-t.

T is the horizon.
"""

import sympy as sp

from samtheory.theorems import unified_sam_3_7 as paper
from samtheory.theorems.symbols import A, B, C, L, Lambda, delta0, epsilon, gamma, lam, rho

from .kernel.analysis import all_of, one_of, root
from .kernel.rules import ONE, hypothesis, instance, shares, sign, step
from .language.terms import T, a, define
from .proof import Proof
from .shared.telescope import Weighted, capped
from .unified_sam_rollout import alpha, member, nu, s

part = sp.Rational

# Explicit steps.  A cap with 1/0 in it is none, so each is written as gamma * (1/cap) <= 1.
B1, V = define("B̄", paper.B1), define("V", paper.V)
at_horizon = {paper.T: T}
inverse_rho = [define(f"(1/ρ_{i})", 1 / cap.subs(at_horizon)) for i, cap in enumerate(paper.rho_caps, 1)]
inverse_gamma = [define(f"(1/γ_{i})", 1 / cap.subs(at_horizon)) for i, cap in enumerate(paper.gamma_caps, 1)]
rho_1, rho_2, rho_3 = (hypothesis(f"ρ ≤ ρ_{i}", "steps", rho * cap, "<=", 1) for i, cap in enumerate(inverse_rho, 1))
largest, smallest, (gamma_1, gamma_2, gamma_3, gamma_4) = capped(inverse_gamma)

# s >= gamma/2.
a_1 = step("a ≤ 1", a, "<=", 1, {shares(): 1, sign(lam): 1})
radius = step("Λρ ≤ 1/2", 2 * Lambda * rho, "<=", 1, {rho_2: 1, ONE: 4 * Lambda * rho * B * a**2})
bent = step("2Λρa ≤ 1", 2 * Lambda * rho * a, "<=", 1, {radius: 1, a_1: 2 * Lambda * rho})
squared = step("squared", 4 * (Lambda * rho * a) ** 2, "<=", 1, {bent: 1 + 2 * Lambda * rho * a})
within_1 = hypothesis("γ ≤ γ_1", "steps", gamma * inverse_gamma[0], "<=", 1)
sixth = step("Lγ ≤ 1/6", 6 * L * gamma, "<=", 1, {within_1: 1, one_of(B1, 1): 6 * L * gamma})
sixth_B = step("BLγ ≤ 1/6", 6 * B * L * gamma, "<=", 1, {within_1: 1, one_of(B1, B): 6 * L * gamma})
half = step(
    "half of the descent", gamma / 2, "<=", s,
    {rho_2: gamma / 4, sixth_B: gamma / 4, squared: B * L * gamma**2 / 2},
)  # fmt: skip
firm = step("s > 0", 0, "<", s, {half: 1, sign(gamma): part(1, 2)})

weighted = Weighted(member, alpha, s, nu, firm)

# alpha T <= 1, so that (1 + alpha)^T <= e <= 3.
growth_1 = step(
    "a third", 6 * A * Lambda * a**2 * rho * gamma * T, "<=", 1,
    {gamma_2: 1, rho_1: 6 * A * Lambda * a**2 * sp.sqrt(T) * gamma},
)  # fmt: skip
growth_2 = step("two thirds", part(9, 2) * A * L * gamma**2 * T, "<=", 1, {gamma_3: 1 + gamma * inverse_gamma[2]})
growth = step(
    "αt ≤ 1", alpha * T, "<=", 1,
    {growth_1: part(1, 3), growth_2: part(2, 3), squared: A * L * gamma**2 * T},
)  # fmt: skip

# The horizon, for each cap that gamma may be, and the noise.
horizon = define("least T", paper.horizon)
long = hypothesis("T is large enough", "horizon", horizon, "<=", T)
goal = epsilon**2
one, two, three_, four, five = (
    step("T is large enough", term, "<=", T, {one_of(horizon, term): 1, long: 1})
    for term in (
        1,
        72 * B1 * L * delta0 / goal,
        144 * C * L * delta0 / goal**2,
        648 * A * L * delta0**2 / goal**2,
        5184 * (A * Lambda * a**2 * delta0) ** 2 / goal**2,
    )
)  # fmt: skip
root_4 = root("in roots", 18 * sp.sqrt(2) * sp.sqrt(A * L) * delta0 / goal, sp.sqrt(T), four)
root_5 = root("in roots", 72 * A * Lambda * a**2 * delta0 / goal, sp.sqrt(T), five)
needs = 12 * delta0
allowed = all_of(
    "the smallest cap", largest, goal * T,
    step("the first cap", needs * inverse_gamma[0], "<=", goal * T, {two: goal}),
    step("the second cap", needs * inverse_gamma[1], "<=", goal * T, {root_5: goal * sp.sqrt(T)}),
    step("the third cap", needs * inverse_gamma[2], "<=", goal * T, {root_4: goal * sp.sqrt(T)}),
    step("the fourth cap", needs * inverse_gamma[3], "<=", goal * T, {three_: goal}),
    times=needs,
)  # fmt: skip
enough = step("γ is a cap", needs / gamma, "<=", goal * T, {allowed: 1, smallest: needs})
noise = step(
    "the noise", 2 * nu / gamma, "<=", goal / 2,
    {
        rho_3: goal / 4, gamma_4: goal / 4, squared: L * gamma * C,
        sixth: 2 * Lambda * rho * lam**2 / 6, radius: 2 * Lambda * rho * lam**2 * L * gamma,
    },
)  # fmt: skip
reached = weighted.reached(growth, half, enough, noise)
reached = instance("the steps of the statement", reached, {}, {within_1: gamma_1})

proof = Proof(paper.theorem, (member,), (weighted.bound,), (weighted.closed, firm, reached))
