"""General smooth non-convex: the smallest expected squared gradient norm.

Oikonomou & Loizou (ICLR 2025), Theorem 3.7; constants re-derived except 5184.  Any constant steps with
s >= gamma/2 give the bound at every T; with epsilon (and delta0) the theorem's rho, gamma and T are used.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import sympy as sp

from samtheory.constants import Constants
from samtheory.errors import InputError, nonnegative, reject
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, parameter

from .base import Theorem
from .chain import alpha, nu, s
from .forms.telescoped import telescoped_plan
from .numbers import ceiling, number
from .plan import Plan
from .rollout import OneStep
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

    closed: bool = True

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values(lam=parameter("lam", lam))
        largest = number(gamma_max, values)
        return number(rho_max, values), lambda rho: largest

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return (OneStep(alpha, -s, nu),)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        epsilon = request.epsilon
        if epsilon is None:
            return self.at(constants, request)
        if delta0 is None:
            raise InputError(f"delta0 is missing: {self.key} needs f(x0) - f_inf for its steps to epsilon")
        goal = constants.values(
            lam=parameter("lam", request.lam), epsilon=epsilon, delta0=nonnegative("delta0", delta0)
        )
        needed = ceiling(number(horizon, goal))
        if needed is None:
            raise reject("epsilon", epsilon, f"larger: the number of steps from delta0={delta0:g} is no float64")
        given = request
        if given.rho is None:
            request = request.but(rho=min(number(cap, goal, T=needed) for cap in rho_caps))
        if given.gamma is None:
            request = request.but(gamma=min(number(cap, goal, T=needed) for cap in gamma_caps))
        plan = self.at(constants, request)

        def iterations(target: float, start: float) -> int | None:
            """The theorem's T, for the epsilon and delta0 that the steps were made for."""
            return needed if (target, start) == (epsilon, delta0) else plan.iterations(target, start)

        return replace(plan, iterations=iterations) if given.rho is None and given.gamma is None else plan

    def at(self, constants: Constants, request: Request) -> Plan:
        """The plan of given or default steps."""
        chosen = self.choose(constants, request)
        return telescoped_plan(self, constants, Schedule(chosen.gamma, chosen.rho, request.lam), chosen)


theorem = NonConvex(
    key="unified-sam/3.7",
    title="non-convex: smallest expected gradient norm",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Theorem 3.7 (constants re-derived)",
    status="paper",
    assumptions=("smooth", "ER"),
    measure="min_grad2",
    sees="length",
    statement="min_{t<T} E‖∇f(x_t)‖ ≤ ε for T ≥ max{1, 72B̄Lδ₀/ε², 144CLδ₀/ε⁴, 648ALδ₀²/ε⁴, 5184A²Λ²a⁴δ₀²/ε⁴}",
)
