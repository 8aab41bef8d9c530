"""PL, simplified constant steps, and the number of iterations to epsilon.

Oikonomou & Loizou (ICLR 2025), the step sizes of their experiments and Corollary 3.3; complexity re-derived. Without
epsilon the simplified steps are used; with epsilon both shrink so that the neighbourhood is at most epsilon/2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from ..constants import Constants
from ..errors import positive
from ..schedules import Rule
from . import unified_sam_3_2 as constant_steps
from .base import ConstantSteps, Plan
from .numbers import number
from .symbols import C, D, L, Lambda, a, epsilon, lam, mu

rho_simple = mu / (4 * Lambda * sp.Max(mu, 2 * D * a**2))
gamma_simple = mu / (8 * L * D)

V = C * a**2 + sp.Rational(17, 16) * lam**2
rho_epsilon = mu * epsilon / (4 * Lambda * V)
gamma_epsilon = 2 * mu * epsilon / (9 * L * C)


@dataclass(frozen=True, kw_only=True)
class SimplifiedSteps(ConstantSteps):
    """Theorem 3.2 at steps that are simple in the constants; they need D >= mu, true of any global expected residual."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = {**constants.values(), "lam": float(lam)}  # type: ignore[arg-type]
        gamma = number(gamma_simple, values)
        return math.nextafter(number(rho_simple, values), math.inf), lambda rho: gamma

    def plan(
        self,
        constants: Constants,
        lam: Rule = 0.0,
        rho: Rule | None = None,
        gamma: Rule | None = None,
        epsilon: float | None = None,
        delta0: float | None = None,
        allow_outside: bool = False,
    ) -> Plan:
        self.choose(constants, lam, rho, gamma, allow_outside)
        values = {**constants.values(), "lam": float(lam)}  # type: ignore[arg-type]
        caps: tuple[Any, Any] = (math.inf, math.inf)
        if epsilon is not None:
            positive("epsilon", epsilon)
            caps = tuple(number(cap, values, epsilon=epsilon) for cap in (rho_epsilon, gamma_epsilon))
        rho = min(number(rho_simple, values), caps[0]) if rho is None else rho
        gamma = min(number(gamma_simple, values), caps[1]) if gamma is None else gamma
        plan = super().plan(constants, lam, rho, gamma, allow_outside=allow_outside)
        if epsilon is None:
            return plan
        x = plan.gamma * float(constants.mu)  # type: ignore[arg-type]

        def iterations(target: float, start: float) -> int | None:
            """T >= log(2 delta0/epsilon)/(gamma mu), for the epsilon that the steps were made for."""
            if target != epsilon:
                return plan.iterations(target, start)
            return max(0, math.ceil(math.log(2 * start / target) / x)) if start > 0 else 0

        return replace(plan, iterations=iterations)


theorem = SimplifiedSteps(
    key="unified-sam/3.3",
    title="PL, simplified constant steps, iterations to epsilon",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Corollary 3.3",
    status="paper",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    statement="E f(x_T) − f* ≤ ε for T ≥ log(2δ₀/ε)/(γμ), ρ = min{ρ_s, με/(4ΛV)}, γ = min{μ/(8LD), 2με/(9LC)}",
    rho_max=rho_simple,
    gamma_max=gamma_simple,
    contraction=constant_steps.contraction,
    noise=constant_steps.nu,
)
