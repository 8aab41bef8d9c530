"""PL, any rho_t, gamma_t, lam_t: the paper's one-step inequality, step after step.

The unconditional bound (theory, Theorem 3.4): E delta_{t+1} <= fac_t E delta_t + add_t with add = nu and
fac = max{0, 1 + alpha - 2 mu s} where s >= 0, fac = 1 + alpha - 2 L s where s < 0.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..constants import Array, Constants
from ..errors import NotApplicable, nonnegative, positive
from ..schedules import Rule, Schedule, is_constant, rule
from . import unified_sam_3_2 as constant_steps
from .base import Plan, Step, Theorem, linear_plan, recursion
from .chain import alpha, nu, s
from .numbers import number

#: Iterations are looked for up to this many steps where the parameters change with t.
LONGEST = 10**6


@dataclass(frozen=True, kw_only=True)
class Rollout(Theorem):
    """Any rho >= 0, gamma > 0 and lam, constant or not; by default those of 3.2 that suit every lam_t."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return math.inf, lambda rho: math.inf

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
        rule("lam", lam)
        if reason := self.missing(constants, lam, allow_outside):
            raise NotApplicable(f"{self.key}: {reason}")
        # The limits of 3.2 are smallest at lam = 0, so those hold for every lam_t.
        limit, largest = constant_steps.theorem.admissible(constants, lam if is_constant(lam) else 0.0)
        if rho is None:
            rho = limit / 2
        if gamma is None:
            gamma = largest(nonnegative("rho", rho)) if is_constant(rho) else largest(limit / 2)
            positive("gamma", gamma)
        schedule = Schedule(gamma, rho, lam)
        values = constants.values()

        def parts(t: int) -> tuple[float, float, float]:
            gamma_t, rho_t, lam_t = schedule.at(t)
            now = {**values, "gamma": gamma_t, "rho": rho_t, "lam": lam_t}
            return number(alpha, now), number(s, now), number(nu, now)

        def step(t: int) -> Step:
            growth, descent, noise = parts(t)
            return 1 + growth, -descent, noise

        def shrinkage(growth: float, descent: float) -> float:
            """1 - fac: the least of 2 mu s - alpha and 2 L s - alpha, and at most 1."""
            return min(1.0, 2 * (values["mu"] if descent >= 0 else values["L"]) * descent - growth)

        gamma0, rho0, _ = schedule.at(0)
        if schedule.constant:
            growth, descent, noise = parts(0)
            if (x := shrinkage(growth, descent)) > 0:
                return replace(linear_plan(self, schedule, x, noise, math.inf, math.inf), step=step)

        cache: dict[float, Array] = {}

        def curve(start: float, length: int) -> Array:
            if start not in cache or len(cache[start]) <= length:
                steps = [parts(t) for t in range(max(length, 1))]
                factors = np.array([1 - shrinkage(growth, descent) for growth, descent, _ in steps])
                cache[start] = recursion(factors, np.array([noise for _, _, noise in steps]), start)
            return cache[start]

        def bound(t: Any, start: float) -> Array:
            times = np.asarray(t, dtype=np.intp)
            return np.asarray(curve(start, int(times.max()))[times])

        def iterations(target: float, start: float) -> int | None:
            length = 1000
            while length <= LONGEST:
                reached = np.flatnonzero(curve(start, length) <= target)
                if len(reached):
                    return int(reached[0])
                length *= 10
            return None

        return Plan(self, schedule, bound, iterations, step, rho0, gamma0, math.inf, math.inf)


theorem = Rollout(
    key="unified-sam/rollout",
    title="PL, any steps and any schedule of lam, one step after another",
    source="this project, from the one-step inequality of Oikonomou & Loizou, ICLR 2025, Theorem 3.2",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    statement="E δ_{t+1} ≤ max{0, 1 + α_t − 2μ s_t} E δ_t + ν_t for any ρ_t ≥ 0, γ_t > 0, λ_t ∈ [0, 1]",
    varying_lam=True,
)
