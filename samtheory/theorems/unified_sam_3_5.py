"""PL, decreasing steps: rate 1/T to the solution, explicit at every t.

Oikonomou & Loizou (ICLR 2025), Theorem 3.5; constants re-derived.  rho_t = min{1/(2t+1), rho_hat} and
gamma_t = min{(2t+1)/((t+1)^2 mu), gamma_hat} for an admissible pair (rho_hat, gamma_hat) of Theorem 3.2.
"""

from collections.abc import Callable
from dataclasses import dataclass

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, parameter

from . import unified_sam_3_2 as constant_steps
from .base import Theorem
from .chain import nu
from .forms.decreasing import guarantee, settled_at, step_size
from .numbers import number
from .plan import Plan, closed_plan
from .rollout import OneStep
from .symbols import C, L, Lambda, a, lam, mu, rho
from .unified_sam_3_3 import gamma_simple, rho_simple

V = C * a**2 + lam**2
K1 = Lambda * V / mu + 4 * L / mu**2 * (C + 2 * (Lambda * rho) ** 2 * V)


@dataclass(frozen=True, kw_only=True)
class DecreasingSteps(Theorem):
    """Constant steps up to the switch time, then gamma_t ~ 2/(mu t) and rho_t ~ 1/(2t)."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return constant_steps.theorem.admissible(constants, lam)

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return constant_steps.theorem.inequality

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = constants.values(lam=parameter("lam", request.lam))
        if request.rho is None:
            request = request.but(rho=number(rho_simple, values))
        chosen = self.choose(constants, request)
        if request.gamma is None:
            chosen = chosen._replace(gamma=min(chosen.gamma, number(gamma_simple, values)))
        mu, rho_hat, gamma_hat = values["mu"], chosen.rho, chosen.gamma
        schedule = Schedule(step_size(mu, gamma_hat), lambda t: min(1 / (2 * t + 1), rho_hat), values["lam"])
        noise = number(nu, values, rho=rho_hat, gamma=gamma_hat)
        tail, t0 = number(K1, values, rho=rho_hat), float(settled_at(mu, gamma_hat))
        bound, turns = guarantee(min(gamma_hat * mu, 1.0), noise, tail, t0)
        return closed_plan(self, constants, schedule, chosen, bound, turns)


theorem = DecreasingSteps(
    key="unified-sam/3.5",
    title="PL, decreasing steps: rate 1/T to the solution",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Theorem 3.5 (constants re-derived)",
    status="paper",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="length",
    statement="E f(x_T) − f* ≤ (t₀/T)² δ̄ + (T − t₀) K₁/T² for T ≥ t₀; as 3.2 with (ρ̂, γ̂) before",
)
