"""PL, simplified constant steps, and the number of iterations to epsilon.

Oikonomou & Loizou (ICLR 2025), the step sizes of their experiments and Corollary 3.3; complexity re-derived.  Without
epsilon the simplified steps are used; with epsilon both shrink so that the neighbourhood is at most epsilon/2.
"""

import math
from dataclasses import dataclass, replace

import sympy as sp

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import parameter

from . import unified_sam_3_2 as constant_steps
from .base import ConstantSteps
from .numbers import ceiling, number
from .plan import Plan
from .symbols import C, D, L, Lambda, a, delta0, epsilon, gamma, lam, mu

rho_simple = mu / (4 * Lambda * sp.Max(mu, 2 * D * a**2))
gamma_simple = mu / (8 * L * D)

V = C * a**2 + sp.Rational(17, 16) * lam**2
rho_epsilon = mu * epsilon / (4 * Lambda * V)
gamma_epsilon = 2 * mu * epsilon / (9 * L * C)

horizon = sp.log(2 * delta0 / epsilon) / (gamma * mu)


@dataclass(frozen=True, kw_only=True)
class SimplifiedSteps(ConstantSteps):
    """Theorem 3.2 at steps that are simple in the constants."""

    closed: bool = True

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = constants.values(
            lam=parameter("lam", request.lam), epsilon=math.inf if request.epsilon is None else request.epsilon
        )
        given = request
        if given.rho is None:
            request = request.but(rho=min(number(rho_simple, values), number(rho_epsilon, values)))
        if given.gamma is None:
            request = request.but(gamma=min(number(gamma_simple, values), number(gamma_epsilon, values)))
        plan = super().make_plan(constants, request, delta0)

        def iterations(target: float, start: float) -> int | None:
            """T >= log(2 delta0/epsilon)/(gamma mu), for the epsilon that the steps were made for."""
            if target != request.epsilon:
                return plan.iterations(target, start)
            return ceiling(number(horizon, values, delta0=start, gamma=plan.gamma)) if 2 * start > target else 0

        return replace(plan, iterations=iterations) if given.rho is None and given.gamma is None else plan


theorem = SimplifiedSteps(
    key="unified-sam/3.3",
    title="PL, simplified constant steps, iterations to epsilon",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Corollary 3.3",
    status="paper",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="length",
    statement="E f(x_T) − f* ≤ ε for T ≥ log(2δ₀/ε)/(γμ), ρ = min{ρ_s, με/(4ΛV)}, γ = min{μ/(8LD), 2με/(9LC)}",
    rho_max=rho_simple,
    gamma_max=gamma_simple,
    contraction=constant_steps.contraction,
    noise=constant_steps.noise,
    # The steps are then admissible for 3.2; it is true of any global expected residual.
    requires=((mu, D),),
    instead="use unified-sam/3.2",
)
