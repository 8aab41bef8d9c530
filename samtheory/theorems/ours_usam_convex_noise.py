"""PL, convex f, USAM with any sampling: only the noise of the gradient counts against the perturbation.

E||g - grad f||^2 = E||g||^2 - ||grad f||^2 <= (k - 1) ||grad f||^2 + C, where k = D/mu.  The gradient at x + rho grad f
pushes forwards, as f is convex, and that at x + rho g is at most L_v rho ||g - grad f|| away from it.  For every
theta > 0, with t = rho Lambda2 sqrt(k - 1),

    loss  = t + theta/2 + (L gamma/2) (1 + Lambda rho)^2 k
    noise = (rho Lambda2)^2 C/(2 theta) + (L gamma/2) (1 + Lambda rho)^2 C

and E delta+ <= (1 - 2 gamma mu (1 - loss)) delta + gamma noise.  `ours_3_2_plus` has sqrt(k) in the place of
sqrt(k - 1).  For the full batch k = 1 and C = 0: every rho, and no neighbourhood.  theta is that of the smallest
N = noise/(2 mu (1 - loss)).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from . import unified_sam_3_2 as paper
from .base import Theorem
from .numbers import number
from .ours_3_2_plus import TINY
from .plan import Plan, linear_plan
from .rollout import OneStep
from .symbols import C, L, Lambda, Lambda2, gamma, k, largest, rho, theta

#: k - 1, at least 1 - 1 for exact constants, whatever rounding makes of it.
excess = largest(k - 1, sp.Integer(0))
lost = rho * Lambda2 * sp.sqrt(excess)
curved = L * gamma / 2 * (1 + Lambda * rho) ** 2
drift = (rho * Lambda2) ** 2 * C / 2

loss = lost + theta / 2 + curved * k
noise = drift / theta + curved * C

rho_max = 1 / (Lambda2 * sp.sqrt(excess))
gamma_max = (1 - lost) / (L * (1 + Lambda * rho) ** 2 * k)


def best_theta(values: dict[str, float]) -> float:
    """theta with the smallest noise/(1 - loss): the root of curved C theta^2 + 2 drift theta = 2 drift (1 - loss_0)."""
    d, n, room = (number(each, values) for each in (drift, curved * C, 1 - lost - curved * k))
    return max(2 * d * room / (d + math.sqrt(d * d + 2 * n * d * max(room, 0.0))), TINY) if d > 0 else TINY


@dataclass(frozen=True, kw_only=True)
class Noise(Theorem):
    """E delta_{t+1} <= (1 - 2 gamma mu (1 - loss)) E delta_t + gamma noise.

    By default rho is that of Theorem 3.2, and gamma half of gamma_max, which leaves room for theta.
    """

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        """At loss > 1, outside of the theorem, nothing contracts."""
        return (OneStep(sp.Integer(0), -gamma * (1 - loss), gamma * noise),)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values()
        return number(rho_max, values), lambda rho: number(gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        if request.rho is None:
            request = request.but(rho=paper.theorem.admissible(constants, 0.0)[0] / 2)
        if request.gamma is None:
            request = request.but(gamma=self.choose(constants, request).gamma / 2)
        steps = self.choose(constants, request)
        best = best_theta(constants.values(rho=steps.rho, gamma=steps.gamma))
        return linear_plan(self, constants, Schedule(steps.gamma, steps.rho, request.lam), steps, {"theta": best})


theorem = Noise(
    key="ours/usam-convex-noise",
    title="convex, PL, USAM with any sampling, constant steps: only the noise counts against the perturbation",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex", "ER"),
    measure="gap",
    statement=(
        "E δ_t ≤ (1 − x)^t δ₀ + N(1 − (1 − x)^t), x = 2γμ(1 − loss), N = noise/(2μ(1 − loss)), least over θ,"
        " for ρ < 1/(Λ₂√(k − 1)), γ ≤ (1 − ρΛ₂√(k − 1))/(Lk(1 + Λρ)²), k = B + A/μ"
    ),
    only=0.0,
)
