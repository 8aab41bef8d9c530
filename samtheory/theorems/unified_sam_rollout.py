"""PL, any rho_t, gamma_t, lam_t: the paper's one-step inequality, step after step.

The unconditional bound: E delta_{t+1} <= fac_t E delta_t + add_t with add = nu and
fac = max{0, 1 + alpha - 2 mu s} where s >= 0, fac = 1 + alpha - 2 L s where s < 0.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from samtheory.constants import Constants
from samtheory.errors import InputError
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, is_constant, parameter

from . import unified_sam_3_2 as constant_steps
from .base import Theorem
from .chain import alpha, nu, s
from .forms.followed import followed_plan
from .plan import Chosen, Plan, linear_plan
from .rollout import OneStep


@dataclass(frozen=True, kw_only=True)
class Rollout(Theorem):
    """Any rho >= 0, gamma > 0 and lam, constant or not; by default those of 3.2 that suit every lam_t."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return math.inf, lambda rho: math.inf

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(alpha, -s, nu),)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        schedule = self.schedule(constants, request)
        gamma, rho, _ = schedule.at(0)
        plan = linear_plan if schedule.constant else followed_plan
        return plan(self, constants, schedule, Chosen(rho, gamma, math.inf, math.inf))

    def schedule(self, constants: Constants, request: Request) -> Schedule:
        """rho and gamma where given, else half of rho_max and gamma_max(rho) of Theorem 3.2."""
        # The limits of 3.2 are smallest at lam = 0, so those hold for every lam_t.
        limit, largest = constant_steps.theorem.limits(constants, request.lam)
        rho, gamma = limit / 2 if request.rho is None else request.rho, request.gamma
        if gamma is None:
            fixed = parameter("rho", rho) if is_constant(rho) else limit / 2
            gamma = largest(fixed)
            if not 0 < gamma < math.inf:
                raise InputError(f"gamma={gamma:g}: must be given, as {self.key} has no default at rho={fixed:.6g}")
        return Schedule(gamma, rho, request.lam)


theorem = Rollout(
    key="unified-sam/rollout",
    title="PL, any steps and any schedule of lam, one step after another",
    source="this project, from the one-step inequality of Oikonomou & Loizou, ICLR 2025, Theorem 3.2",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="length",
    statement="E δ_{t+1} ≤ max{0, 1 + α_t − 2μ s_t} E δ_t + ν_t for any ρ_t ≥ 0, γ_t > 0, λ_t ∈ [0, 1]",
    varying_lam=True,
)
