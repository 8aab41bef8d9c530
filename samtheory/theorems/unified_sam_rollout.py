"""PL, any rho_t, gamma_t, lam_t: the paper's one-step inequality, step after step.

The unconditional bound: E delta_{t+1} <= fac_t E delta_t + add_t with add = nu and
fac = max{0, 1 + alpha - 2 mu s} where s >= 0, fac = 1 + alpha - 2 L s where s < 0.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError, reject
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, is_constant, parameter

from . import unified_sam_3_2 as constant_steps
from .base import Plan, Step, Theorem, linear_plan
from .chain import alpha, nu, s
from .numbers import evaluate, recursion

#: Parameters that change with t are followed for this many steps.
LONGEST = 10**6


@dataclass(frozen=True, kw_only=True)
class Rollout(Theorem):
    """Any rho >= 0, gamma > 0 and lam, constant or not; by default those of 3.2 that suit every lam_t."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return math.inf, lambda rho: math.inf

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        schedule = self.schedule(constants, request)
        values = constants.values()

        def parts(*parameters: Any) -> tuple[Array, Array, Array]:
            """(alpha, s, nu) at (gamma, rho, lam), each a number or an array over t."""
            now = {**values, **dict(zip(("gamma", "rho", "lam"), map(np.asarray, parameters), strict=True))}
            with np.errstate(over="ignore", invalid="ignore"):
                found = evaluate(alpha, now), evaluate(s, now), evaluate(nu, now)
            if not all(np.isfinite(part).all() for part in found):
                raise InputError("rho, gamma: too large for this problem: the one-step bound overflows")
            return found

        def shrinkage(growth: Array, descent: Array) -> Array:
            """1 - fac, never from fac itself, which would lose the digits."""
            return np.minimum(2 * np.where(descent >= 0, values["mu"], values["L"]) * descent - growth, 1.0)

        def step(t: int) -> Step:
            growth, descent, noise = map(float, parts(*schedule.at(t)))
            return 1 + growth, -descent, noise

        if schedule.constant:
            growth, descent, noise = parts(*schedule.at(0))
            plan = linear_plan(self, schedule, float(shrinkage(growth, descent)), float(noise), math.inf, math.inf)
            return replace(plan, step=step)

        curves: dict[float, Array] = {}

        def curve(start: float, length: int) -> Array:
            """D_0, ..., D_length at least; no parameter after that is looked at."""
            D = curves.setdefault(start, np.array([start]))
            if len(D) <= length:
                growth, descent, noise = parts(*schedule.arrays(len(D) - 1, length))
                curves[start] = D = np.append(D[:-1], recursion(shrinkage(growth, descent), noise, float(D[-1])))
            return D

        def bound(t: Any, start: float) -> Array:
            times = np.asarray(t)
            if times.max() > LONGEST:
                raise reject("t", times.max(), f"at most {LONGEST} where the parameters change with t")
            return np.asarray(curve(start, int(times.max()))[times.astype(np.intp)])

        def iterations(target: float, start: float) -> int | None:
            """The first t that the bound is at most epsilon, within `LONGEST`."""
            for length in (1000, 10_000, 100_000, LONGEST):
                reached = np.flatnonzero(curve(start, length) <= target)
                if len(reached):
                    return int(reached[0])
            return None

        gamma0, rho0, _ = schedule.at(0)
        return Plan(self, schedule, bound, iterations, step, rho0, gamma0, math.inf, math.inf)

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
    statement="E δ_{t+1} ≤ max{0, 1 + α_t − 2μ s_t} E δ_t + ν_t for any ρ_t ≥ 0, γ_t > 0, λ_t ∈ [0, 1]",
    varying_lam=True,
)
