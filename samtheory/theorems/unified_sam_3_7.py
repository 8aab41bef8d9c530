"""General smooth non-convex: the smallest expected squared gradient norm.

Oikonomou & Loizou (ICLR 2025), Theorem 3.7; constants re-derived except 5184 (theory 4.5).  Any constant steps with
s >= gamma/2 give the bound at every T; with epsilon (and delta0) the theorem's rho, gamma and T are used.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sympy as sp

from ..constants import Array, Constants
from ..errors import InputError, positive
from ..schedules import Rule, Schedule
from .base import Plan, Theorem
from .chain import alpha, nu, s
from .numbers import first_at_most, number
from .symbols import A, B, C, L, Lambda, a, delta0, epsilon, lam

T = sp.Symbol("T", positive=True)
B1 = sp.Max(B, 1)
V = C * a**2 + sp.Rational(7, 6) * lam**2

rho_max = 1 / (2 * Lambda * (1 + 2 * B * a**2))
gamma_max = 1 / (6 * B1 * L)

horizon = sp.Max(
    1,
    72 * B1 * L * delta0 / epsilon**2,
    144 * C * L * delta0 / epsilon**4,
    648 * A * L * delta0**2 / epsilon**4,
    5184 * (A * Lambda * a**2 * delta0) ** 2 / epsilon**4,
)
rho_caps = (1 / sp.sqrt(T), rho_max, epsilon**2 / (8 * Lambda * V))
gamma_caps = (
    gamma_max,
    1 / (6 * A * Lambda * a**2 * sp.sqrt(T)),
    sp.sqrt(2) / (3 * sp.sqrt(A * L * T)),
    epsilon**2 / (12 * C * L),
)


@dataclass(frozen=True, kw_only=True)
class NonConvex(Theorem):
    """min over t < T of E||grad f(x_t)||^2 <= (delta0/W_T + nu)/s with W_T = (1 - (1+alpha)^-T)/alpha."""

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = {**constants.values(), "lam": float(lam)}  # type: ignore[arg-type]
        largest = number(gamma_max, values)
        return number(rho_max, values), lambda rho: largest

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
        default_rho, default_gamma, largest_rho, largest_gamma = self.choose(constants, lam, rho, gamma, allow_outside)
        values = {**constants.values(), "lam": float(lam)}  # type: ignore[arg-type]
        needed: int | None = None
        if epsilon is not None:
            if delta0 is None:
                raise InputError("delta0 is missing: unified-sam/3.7 needs f(x0) - f_inf for its steps to epsilon")
            goal = {**values, "epsilon": positive("epsilon", epsilon), "delta0": delta0}
            needed = math.ceil(number(horizon, goal))
            if rho is None:
                default_rho = min(number(cap, goal, T=needed) for cap in rho_caps)
            if gamma is None:
                default_gamma = min(number(cap, goal, T=needed) for cap in gamma_caps)
        values |= {"rho": default_rho, "gamma": default_gamma}
        growth, descent, noise = (number(part, values) for part in (alpha, s, nu))
        if descent <= 0:
            raise InputError(f"gamma={default_gamma:g}: at rho={default_rho:g} the theorem has no descent left (s <= 0)")

        def bound(t: Any, start: float) -> Array:
            steps = np.asarray(t, dtype=np.float64)
            width = -np.expm1(-steps * math.log1p(growth)) / growth if growth > 0 else steps
            with np.errstate(divide="ignore"):
                return (start / width + noise) / descent

        def iterations(target: float, start: float) -> int | None:
            """Steps until min E||grad f|| <= epsilon is guaranteed."""
            if growth * start + noise >= descent * target**2:
                return None
            return first_at_most(lambda t: float(bound(t, start)), target**2, start=1)

        step = (1 + growth, -descent, noise)
        plan = Plan(
            self, Schedule(default_gamma, default_rho, lam), bound, iterations, lambda t: step,
            default_rho, default_gamma, largest_rho, largest_gamma, start=1,
        )
        if needed is None or rho is not None or gamma is not None:
            return plan
        return replace(plan, iterations=lambda target, start: needed if target == epsilon else iterations(target, start))


theorem = NonConvex(
    key="unified-sam/3.7",
    title="non-convex: smallest expected gradient norm",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Theorem 3.7 (constants re-derived)",
    status="paper",
    assumptions=("smooth", "ER"),
    measure="min_grad2",
    statement="min_{t<T} E‖∇f(x_t)‖ ≤ ε for T ≥ max{1, 72B̄Lδ₀/ε², 144CLδ₀/ε⁴, 648ALδ₀²/ε⁴, 5184A²Λ²a⁴δ₀²/ε⁴}",
)
