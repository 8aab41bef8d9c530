"""Non-convex, Unified SAM: the smallest expected gradient norm, with an explicit number of steps (literature, R11).

With K = (5/4) a Lambda^2 rho^2 + L gamma, gamma <= 1/(4L) and K B <= 1/4,

    E delta+ <= (1 + 2 gamma K A) delta - gamma (3/4 - K B) ||grad f||^2 + gamma (K C + (5/4) lam Lambda^2 rho^2).

Proof: -<grad f, h - g> <= ||grad f||^2/4 + ||h - g||^2, ||h||^2 <= 2 ||g||^2 + 2 ||h - g||^2 and
E||h - g||^2 <= Lambda^2 rho^2 (a E||g||^2 + lam).
"""

from dataclasses import dataclass, replace

import sympy as sp

from ..constants import Constants
from ..errors import InputError, nonnegative, positive, reject
from ..schedules import Rule, parameter
from .base import Plan
from .descent import Descent
from .numbers import ceiling, number
from .symbols import A, B, C, L, Lambda, a, delta0, epsilon, gamma, lam, rho

quarter = sp.Rational(1, 4)
bent = 5 * quarter * a * (Lambda * rho) ** 2
K = bent + L * gamma

T = sp.Symbol("T", positive=True)
horizon = 12 * delta0 * L / epsilon**2 * sp.Max(4, 8 * B, 48 * delta0 * A / epsilon**2, 16 * C / epsilon**2)
gamma_caps = (1 / (4 * L), 1 / (8 * L * B), 1 / (2 * sp.sqrt(L * A * T)), epsilon**2 / (16 * L * C))
rho_caps = (sp.sqrt(4 * L * gamma / (5 * Lambda**2 * a)), epsilon / (Lambda * sp.sqrt(10 * lam)))


@dataclass(frozen=True, kw_only=True)
class Explicit(Descent):
    """With epsilon and delta0, rho, gamma and T are those of the statement."""

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
        self.require(constants, lam, allow_outside)
        if epsilon is None or rho is not None or gamma is not None:
            return super().plan(constants, lam, rho, gamma, allow_outside=allow_outside)
        if delta0 is None:
            raise InputError(f"delta0 is missing: {self.key} needs f(x0) - f_inf for its steps to epsilon")
        goal = constants.values(
            lam=parameter("lam", lam), epsilon=positive("epsilon", epsilon), delta0=nonnegative("delta0", delta0)
        )
        needed = ceiling(number(horizon, goal))
        if needed is None:
            raise reject("epsilon", epsilon, f"larger: the number of steps from delta0={delta0:g} is no float64")
        needed = max(needed, 1)
        gamma = min(number(cap, goal, T=needed) for cap in gamma_caps)
        rho = min(number(cap, goal, gamma=gamma) for cap in rho_caps)
        plan = super().plan(constants, lam, rho, gamma, allow_outside=allow_outside)

        def iterations(target: float, start: float) -> int | None:
            """The statement's T, for the epsilon and delta0 that the steps were made for."""
            return needed if (target, start) == (epsilon, delta0) else plan.iterations(target, start)

        return replace(plan, iterations=iterations)


theorem = Explicit(
    key="ours/non-convex-explicit",
    title="non-convex, constant steps: smallest expected gradient norm, explicit number of steps",
    source="this project, literature R11",
    status="ours",
    assumptions=("smooth", "ER"),
    measure="min_grad2",
    statement="min_{t<T} E‖∇f(x_t)‖ ≤ ε for T ≥ (12δ₀L/ε²) max{4, 8B, 48δ₀A/ε², 16C/ε²}",
    rho_max=1 / (Lambda * sp.sqrt(5 * a * B)),
    # Half of the largest, or that of Theorem 3.7 if it is smaller.
    rho_usual=1 / (2 * Lambda * sp.Max(2 * (1 + 2 * B * a**2), sp.sqrt(5 * a * B))),
    gamma_max=(quarter - B * bent) / (L * sp.Max(B, 1 - 4 * B * bent)),
    growth=2 * gamma * K * A,
    descent=gamma * (3 * quarter - K * B),
    noise=gamma * (K * C + 5 * quarter * lam * (Lambda * rho) ** 2),
)
