"""PL, constant rho and gamma, lam_t = 1/(t+1): from SAM to USAM, in closed form.

What Theorem 3.2 allows at lam = 0 it allows at every lam, so E delta_{t+1} <= (1 - x) E delta_t + noise_t with
x = gamma mu and noise_t at most n_C + n_1 lam_t^2.  Splitting the sum of (1-x)^(T-j)/j^2 over j <= T at T/2,

    E delta_T <= (1-x)^T delta0 + n_1 ((pi^2/6) (1-x)^(T/2) + 4/(x T^2)) + (n_C/x) (1 - (1-x)^T);

under interpolation (C = 0) it goes to 0 like 1/T^2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule

from . import unified_sam_3_2 as paper
from .base import Theorem
from .chain import c0, c2
from .numbers import decay, number, reached, settled, unrolled
from .plan import Plan
from .rollout import OneStep
from .symbols import C, lam

#: The noise where lam = 0, and what lam^2 multiplies.
n_C = c2.subs(lam, 0) * C
n_1 = c0 / lam**2


@dataclass(frozen=True, kw_only=True)
class InverseLam(Theorem):
    """Theorem 3.2 at every t; by default rho = rho_max/2 and gamma = gamma_max(rho) at lam = 0."""

    varying_lam: bool = True

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        return paper.theorem.admissible(constants, 0.0)

    @property
    def inequality(self) -> tuple[OneStep, ...]:
        return paper.theorem.inequality

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        chosen = self.choose(constants, request)
        values = constants.values(rho=chosen.rho, gamma=chosen.gamma)
        x = min(chosen.gamma * values["mu"], 1.0)
        steady, passing = number(n_C, values), number(n_1, values)
        limit = steady / x

        def bound(t: Any, start: float) -> Array:
            T = np.asarray(t, dtype=np.float64)
            with np.errstate(divide="ignore", invalid="ignore"):
                # Nothing has been added at T = 0.
                added = np.where(T > 0, passing * (math.pi**2 / 6 * decay(x, T / 2) + (2 / T) ** 2 / x), 0.0)
            return unrolled(x, steady, T, start) + added

        def iterations(epsilon: float, start: float) -> int | None:
            # Each part but the one that rises to its limit falls: below epsilon for good once the falling ones fit.
            return settled(lambda T: bound(T, max(start, limit) if T else start), epsilon, (0, 1), limit)

        def first(epsilon: float, start: float) -> int | None:
            return 0 if start <= epsilon else reached(lambda T: bound(T, start), epsilon, (1,))

        return Plan(
            theorem=self, constants=constants, schedule=Schedule(chosen.gamma, chosen.rho, request.lam), bound=bound,
            iterations=iterations, reached=first, **chosen._asdict(),
        )  # fmt: skip


theorem = InverseLam(
    key="ours/inverse-lam",
    title="PL, λ_t = 1/(t+1), constant ρ and γ: from SAM to USAM in closed form",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="length",
    statement="E δ_T ≤ (1 − x)^T δ₀ + n₁((π²/6)(1 − x)^{T/2} + 4/(xT²)) + (n_C/x)(1 − (1 − x)^T), x = γμ",
    only="1/t",
)
