"""USAM-PS: `shared.polyak` for f itself; the linear rate by quadratic growth."""

import sympy as sp

from samtheory.theorems import oikonomou_2026_usam_ps as paper
from samtheory.theorems.symbols import L, mu, rho

from .kernel.analysis import one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, mean, step
from .setting import polyak
from .shared.bounds import mu_L, smooth_gap
from .shared.descents import Distance
from .shared.polyak import one_step

stated = Distance(paper.theorem)
draw, firm = one_step(polyak, paper.alpha, smooth_gap, stated.small_rho)
one = step("one step", *stated.one_step, {mean(draw): 1})


def rate(alpha: sp.Expr, s: sp.Expr, L: sp.Symbol, firm: Fact, mu_L: Fact) -> tuple[Fact, Fact]:
    """0 < s, and 0 <= 1 - (mu/2) s."""
    nu, quarter = L * rho, sp.Rational(1, 4)
    square = step("ν² < 1", 0, "<", 1 - nu**2, {firm: 1 + nu})
    falls = step("s > 0", 0, "<", s, {ONE: s}, firm, square)
    contracts = step(
        "q ≥ 0", 0, "<=", 1 - mu / 2 * s,
        {
            one_of(alpha, (1 - nu) / (2 * L * (1 + nu))): mu / 2 * (1 - nu) * (1 + nu), mu_L: quarter / L,
            firm: mu * rho / 4, ONE: 3 * quarter + mu * rho / 4,
        },
        firm,
    )  # fmt: skip
    return falls, contracts


falls, contracts = rate(paper.alpha, stated.descent, L, firm, mu_L)

proof = stated.linear(one, falls, contracts)
