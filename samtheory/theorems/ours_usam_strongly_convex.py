"""Strongly convex, USAM with the full gradient: the distance to the solution, exact on quadratics.

Where rho (L - mu) <= 1, h = grad f(x + rho grad f(x)) obeys <h - mu' (x - x*), L' (x - x*) - h> >= 0 with
mu' = mu (1 + rho mu) and L' = L (1 + rho L), from the interpolation inequalities of f at x, y and x*; hence, for every
gamma,

    ||x+ - x*|| <= max {|1 - gamma mu'|, |1 - gamma L'|} ||x - x*||.

Without the condition it is false: there are f with L rho = 3, mu = L/100, gamma = 1/(2L) and ||x+ - x*|| > ||x - x*||.
"""

from dataclasses import dataclass

import sympy as sp

from samtheory.constants import Constants
from samtheory.request import Request

from .base import ConstantSteps
from .numbers import number
from .plan import Plan
from .symbols import L, gamma, largest, mu, rho

mu_rho, L_rho = mu * (1 + rho * mu), L * (1 + rho * L)
gamma_best = 2 / (mu_rho + L_rho)


@dataclass(frozen=True, kw_only=True)
class Contraction(ConstantSteps):
    """By default gamma is that of the fastest rate."""

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = constants.values()
        if request.rho is None:
            request = request.but(rho=1 / (2 * values["L"]))
        if request.gamma is None:
            rho = self.choose(constants, request).rho
            request = request.but(gamma=number(gamma_best, values, rho=rho))
        return super().make_plan(constants, request, delta0)


theorem = Contraction(
    key="ours/usam-strongly-convex",
    title="strongly convex, full batch, USAM: the distance to the solution, exact on quadratics",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex", "strongly-convex", "full-batch", "minimiser"),
    measure="distance2",
    statement="‖x_t − x*‖² ≤ max{|1 − γμ′|, |1 − γL′|}^{2t} R₀², μ′ = μ(1 + ρμ), L′ = L(1 + ρL), for ρ(L − μ) ≤ 1",
    closed=True,
    lyapunov="distance2",
    only=0.0,
    rho_max=1 / largest(L - mu, sp.Integer(0)),
    gamma_max=2 / L_rho,
    contraction=largest((1 - gamma * mu_rho) ** 2, (1 - gamma * L_rho) ** 2),
    noise=sp.Integer(0),
)
