"""PL, constant steps: a neighbourhood of order rho^2 in the place of rho, larger steps.

For every theta in (0, 1) and q > 0, with k = D/mu,

    loss  = rho a Lambda2 sqrt(k) + theta/2 + (L gamma/2) (1 + q) (1 + Lambda rho a)^2 k
    noise = rho^2 s^2/(2 theta) + (L gamma/2) ((1 + q) (1 + Lambda rho a)^2 C + (1 + 1/q) (rho lam Lambda2)^2)

with s = a Lambda2 sqrt(C) + lam Lambda1, and E delta+ <= (1 - 2 gamma mu (1 - loss)) delta + gamma noise.

Proof: the master inequality with sqrt(M) <= sqrt(k G) + sqrt(C), sqrt(G) s <= theta G/(2 rho) + rho s^2/(2 theta) and
(u + w)^2 <= (1 + q) u^2 + (1 + 1/q) w^2.  Theorem 3.2 allows no rho or gamma that this does not, and rho = 0 is Theorem
4.6 of Gower, Sebbouh, Loizou (2021): gamma <= mu/(L D), N = L gamma C/(2 mu).  theta and q are those of the smallest
N = noise/(2 mu (1 - loss)); every choice is a theorem.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, parameter

from . import unified_sam_3_2 as paper
from .base import Theorem
from .numbers import number
from .plan import Plan, linear_plan
from .rollout import OneStep
from .symbols import C, L, Lambda, Lambda1, Lambda2, a, gamma, k, lam, mu, q, rho, theta

s = a * Lambda2 * sp.sqrt(C) + lam * Lambda1
stretch2 = (1 + Lambda * rho * a) ** 2

rho_max = 1 / (2 * a * Lambda2 * sp.sqrt(k))
gamma_max = (1 - 2 * rho * a * Lambda2 * sp.sqrt(k)) / (L * stretch2 * k)

#: loss = least_loss + theta/2 + curved k q; noise = least_noise + drift/theta + curved C q + bent/q.
curved = L * gamma / 2 * stretch2
least_loss = rho * a * Lambda2 * sp.sqrt(k) + curved * k
bent = L * gamma / 2 * (rho * lam * Lambda2) ** 2
least_noise = curved * C + bent
drift = (rho * s) ** 2 / 2


loss = least_loss + theta / 2 + curved * k * q
noise = least_noise + drift / theta + curved * C * q + bent / q

#: theta or q where the term that is divided by it is 0.
TINY = 1e-300


@dataclass(frozen=True)
class Choice:
    """Theorem 3.2+ at some theta and q."""

    theta: float
    q: float
    loss: float
    noise: float


def chosen(values: dict[str, float], theta: float, q: float) -> Choice:
    """The theorem at theta and q, where 0 is for the terms that vanish."""
    theta, q = max(theta, TINY), max(q, TINY)
    return Choice(theta, q, *(number(each, values, theta=theta, q=q) for each in (loss, noise)))


def smallest(values: dict[str, float]) -> Choice:
    """theta and q with the smallest N = noise/(2 mu (1 - loss)), by Dinkelbach's iteration.

    At N, noise + 2 mu N loss is least at theta = sqrt(drift/(mu N)) and q = sqrt(bent/(curved (C + 2 mu N k))), and
    N falls from one to the next.
    """
    mu_, k_, C_, curved_, loss_, bent_, drift_ = (
        number(each, values) for each in (mu, k, C, curved, least_loss, bent, drift)
    )
    room = max(1 - loss_, 1e-9)
    best = chosen(values, room if drift_ else 0.0, room / (4 * curved_ * k_) if bent_ else 0.0)
    while best.loss < 1 and best.noise > 0:
        N = best.noise / (2 * mu_ * (1 - best.loss))
        found = chosen(values, math.sqrt(drift_ / (mu_ * N)), math.sqrt(bent_ / (curved_ * (C_ + 2 * mu_ * N * k_))))
        if not found.noise / (2 * mu_ * max(1 - found.loss, 1e-300)) < N * (1 - 1e-12):
            break
        best = found
    return best


@dataclass(frozen=True, kw_only=True)
class Plus(Theorem):
    """E delta_{t+1} <= (1 - 2 gamma mu (1 - loss)) E delta_t + gamma noise.

    By default rho is that of Theorem 3.2, and gamma half of gamma_max, which leaves room for theta and q.
    """

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        """At loss > 1, outside of the theorem, nothing contracts."""
        return (OneStep(sp.Integer(0), -gamma * (1 - loss), gamma * noise),)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values(lam=parameter("lam", lam))
        return number(rho_max, values), lambda rho: number(gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        if request.rho is None:
            request = request.but(rho=paper.theorem.admissible(constants, request.lam)[0] / 2)
        if request.gamma is None:
            request = request.but(gamma=self.choose(constants, request).gamma / 2)
        steps = self.choose(constants, request)
        best = smallest(constants.values(lam=parameter("lam", request.lam), rho=steps.rho, gamma=steps.gamma))
        schedule = Schedule(steps.gamma, steps.rho, request.lam)
        return linear_plan(self, constants, schedule, steps, {"theta": best.theta, "q": best.q})


theorem = Plus(
    key="ours/3.2+",
    title="PL, constant steps: a neighbourhood of order ρ², steps as large as those of SGD at ρ = 0",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="mean",
    statement="E δ_t ≤ (1 − x)^t δ₀ + N(1 − (1 − x)^t), x = 2γμ(1 − loss), N = noise/(2μ(1 − loss)), least over θ, q",
)
