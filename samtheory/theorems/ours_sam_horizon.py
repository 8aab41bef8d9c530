"""Convex and PL, full batch, SAM: the rate 1/T^2, up to logarithms, at a fixed rho, by steps made for T.

With g = ||grad f||, q = 1 - gamma mu (2 - L gamma) and s = L^2 gamma rho/(2 (1 - L gamma)), where both branches of
`ours_deterministic_convex` agree, delta+ <= q delta where g >= s.  Where g <= s the other branch and
delta <= g^2/(2 mu) give a parabola in g that opens upwards: delta+ is at most its value at 0 or at s,

    delta+ <= Phi = max {L^3 gamma^2 rho^2/2, q s^2/(2 mu)},   so that   delta_t <= max {q^t delta_0, Phi}.

For gamma <= 1/(4L), q <= 1 - 7 gamma mu/4 and Phi <= K gamma^2, K = max {1/2, 2L/(9 mu)} L^3 rho^2.  With
gamma = min {1/(4L), 4 l/(7 mu T)}, l = max {2, ln(49 mu^2 T^2 delta_0/(16 K))},

    delta_T <= max {e^(-7 mu T/(16 L)) delta_0, 16 K l^2/(49 mu^2 T^2)}.

Si and Yun (NeurIPS 2023) have such a rate for strongly convex functions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable, reject
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from . import ours_deterministic_convex as exact
from .base import Theorem
from .numbers import decay, first_at_most, number, reached, settled
from .ours_sam_deterministic import rho_paper
from .plan import Plan
from .rollout import OneStep
from .symbols import L, gamma, lam, largest, mu, rho

#: The two branches at lam = 1.
ends = exact.parabolas(L, gamma, rho, sp.Integer(1))
rate = gamma * mu * (2 - L * gamma)
first = L * (L * gamma * rho) ** 2 / 2
s = L**2 * gamma * rho / (2 * (1 - L * gamma))
Phi = largest(first, (1 - rate) * s**2 / (2 * mu))
K = largest(sp.Rational(1, 2), 2 * L / (9 * mu)) * L**3 * rho**2


def made_for(T: float, start: float, mu: float, L: float, K: float) -> float:
    """The gamma of the statement for T steps from delta_0 = start."""
    if not K:
        return 1 / (4 * L)
    log = 2 * math.log(7 * mu * T / 4) + math.log(start) - math.log(K) if start else 0.0
    return min(1 / (4 * L), 4 * max(2.0, log) / (7 * mu * T))


@dataclass(frozen=True, kw_only=True)
class Horizon(Theorem):
    """delta_t <= max {q^t delta_0, Phi}; for an epsilon, gamma is made for the least T whose bound is below it."""

    only: Rule | None = 1.0

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return tuple(OneStep(sp.Integer(0), square, constant, linear) for square, linear, constant in ends)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        gamma_max = number(1 / L, constants.values())
        return math.inf, lambda rho: gamma_max

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = constants.values()
        if request.rho is None:
            request = request.but(rho=number(rho_paper.subs(lam, 1), values))
        if request.gamma is None:
            request = request.but(gamma=1 / (4 * values["L"]))
            if request.epsilon is not None:
                request = request.but(gamma=self.of_horizon(constants, request, delta0))
        chosen = self.choose(constants, request)
        x, limit = (number(each, values, rho=chosen.rho, gamma=chosen.gamma) for each in (rate, Phi))
        if not math.isfinite(limit):
            raise NotApplicable(f"{self.key}: gamma={chosen.gamma:.6g}: must be below 1/L")

        def bound(t: Any, start: float) -> Array:
            return np.where(np.asarray(t) == 0, start, np.maximum(start * decay(x, t), limit))

        return Plan(
            theorem=self, constants=constants, schedule=Schedule(chosen.gamma, chosen.rho, request.lam), bound=bound,
            iterations=lambda epsilon, start: settled(lambda t: bound(t, start), epsilon, (0, 1), limit),
            reached=lambda epsilon, start: reached(lambda t: bound(t, start), epsilon, (0, 1)),
            **chosen._asdict(), contraction=1 - x, neighbourhood=limit,
        )  # fmt: skip

    def of_horizon(self, constants: Constants, request: Request, delta0: float | None) -> float:
        """The gamma for the least T after which the bound of the statement is at most epsilon.

        Raises
        ------
        InputError
            If delta0 is missing, or T is no float64.
        """
        if delta0 is None:
            raise InputError(f"delta0 is missing: {self.key} needs f(x0) - f_inf for its steps to epsilon")
        values, epsilon = constants.values(), float(request.epsilon)  # type: ignore[arg-type]
        of = values["mu"], values["L"], number(K, values, rho=float(request.rho))  # type: ignore[arg-type]

        def after(T: int) -> float:
            size = made_for(T, delta0, *of)
            return max(math.exp(-7 * size * of[0] * T / 4) * delta0, of[2] * size**2)

        T = first_at_most(after, epsilon, start=1)
        if T is None:
            raise reject("epsilon", epsilon, f"larger: the number of steps from delta0={delta0:g} is no float64")
        return made_for(T, delta0, *of)


theorem = Horizon(
    key="ours/sam-horizon",
    title="convex, PL, full batch, SAM: 1/T² up to logarithms at a fixed ρ, by steps made for T",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex", "full-batch"),
    measure="gap",
    statement=("δ_t ≤ max {q^t δ₀, F, qs²/(2μ)} for γ < 1/L, q = 1 − γμ(2 − Lγ), F = L³γ²ρ²/2, s = L²γρ/(2(1 − Lγ))"),
)
