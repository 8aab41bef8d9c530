"""USAM under E||g||^2 <= k ||grad f||^2: the master inequality at lam = 0, and s = gamma slope - gamma^2 bend/2.

slope = 1 - lost, and bend = L k (1 + Lambda rho)^2.
"""

from __future__ import annotations

import sympy as sp

from samtheory.theorems.symbols import C, L, Lambda, gamma, k, lam, mu, rho

from ..kernel.facts import Fact
from ..kernel.rules import ONE, hypothesis, instance, square, step
from ..language.terms import G, M, a, define
from ..unified_sam_3_2 import few
from .bounds import D, D_positive, mu_D, mu_L
from .descents import Formulas
from .master import one_step

usam = instance("master inequality, λ = 0", one_step, {a: 1, lam: 0})
common = hypothesis("C = 0", "interpolation", C, "=", 0)
second = step("second moment", M, "<=", k * G, {few: 1, common: 1})


def rates(stated: Formulas, slope: sp.Symbol, bend: sp.Symbol, lost: sp.Expr, positive: Fact) -> tuple[Fact, ...]:
    """(0 < s, 0 <= s, 0 <= q, the rate of the step of the statement); `positive` is 0 < slope."""
    usual = stated.theorem.gamma_usual
    assert usual is not None
    falls = step("s > 0", 0, "<", stated.descent, {stated.small_gamma: gamma * bend / 2}, D_positive)
    stays = step("s ≥ 0", 0, "<=", stated.descent, {stated.largest_gamma: gamma * bend / 2}, D_positive)
    ahead = step("LD ≤ μ bend", L * D, "<=", mu * bend, {ONE: L * D * Lambda * rho * (2 + Lambda * rho)})
    contracts = step(
        "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
        {
            square(gamma * bend - slope): mu / bend, ahead: 1 / (mu * bend), mu_L: D / (mu * bend), mu_D: 1 / bend,
            ONE: mu * lost * (1 + slope) / bend,
        },
        D_positive, positive,
    )  # fmt: skip
    rate = step(
        "the step of the statement", 2 * mu * define("s there", stated.theorem.descent.subs(gamma, usual)), "=",
        define("γ of the statement", usual) * mu * slope, {}, D_positive,
    )  # fmt: skip
    return falls, stays, contracts, rate
