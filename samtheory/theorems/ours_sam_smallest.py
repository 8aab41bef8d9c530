"""Non-convex, full batch, any lam: the smallest gradient norm among T points, exact for gamma <= 1/L.

With u = 1 - a nu, n = lam nu, nu = L rho, t = L gamma <= 1 and m = ||grad f|| at its smallest, a step between two
points whose gradients are at least m long gains at least

    f(x) - f(x+) >= t (u m - n) ((4 - t u) m + t n)/(4 L)

by the descent lemma with its bonus (`forms.bonus`); and f(x_{T-1}) - f_inf >= m^2/(2 L).  The T - 1 steps between T
points and the last point add up to a quadratic inequality in m, and the first point alone gives m^2 <= 2 L delta_0.
The gain is the worst case of semidefinite programmes; at rho = 0, gamma = 1/L the bound is the exact
4 L delta_0/(3 T - 1) of gradient descent (Abbaszadehpeivasti, de Klerk & Zamani 2022).  For gamma > 1/L it is false.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.schedules import Rule, Schedule, parameter

from .base import Theorem
from .numbers import evaluate, number
from .ours_sam_deterministic import rho_paper
from .plan import Plan, closed_plan
from .symbols import L, a, delta0, gamma, lam, rho, smallest

#: The number of points.
T = sp.Symbol("T", integer=True, positive=True)
t, u, n = L * gamma, 1 - a * L * rho, lam * L * rho
#: c m^2 <= b m + d, divided by T.
rest = 1 - 1 / T
c = 2 / T + rest * t * u * (4 - t * u)
b = rest * t * n * (4 - 2 * t * u)
d = rest * (t * n) ** 2 + 4 * L * delta0 / T
under_root = b**2 + 4 * c * d
solution = ((b + sp.sqrt(under_root)) / (2 * c)) ** 2


@dataclass(frozen=True, kw_only=True)
class Smallest(Theorem):
    """A bound on the smallest squared gradient norm, as a formula in T and delta0."""

    rho_max: sp.Expr = field(repr=False)
    gamma_max: sp.Expr = field(repr=False)
    rho_usual: sp.Expr = field(repr=False)
    formula: sp.Expr = field(repr=False)

    def admissible(self, constants: Constants, lam: Rule) -> tuple[float, Callable[[float], float]]:
        values = constants.values(lam=parameter("lam", lam))
        return number(self.rho_max, values), lambda rho: number(self.gamma_max, values, rho=rho)

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        values = constants.values(lam=parameter("lam", request.lam))
        if request.rho is None:
            request = request.but(rho=number(self.rho_usual, values))
        chosen = self.choose(constants, request)
        values |= {"rho": chosen.rho, "gamma": chosen.gamma}

        def bound(t: Any, start: float) -> Array:
            times = np.asarray(t, dtype=np.float64)
            with np.errstate(all="ignore"):
                found = evaluate(self.formula, values, T=np.maximum(times, 1.0), delta0=start)
            return np.where(times < 1, np.inf, found)

        schedule = Schedule(chosen.gamma, chosen.rho, request.lam)
        return closed_plan(self, constants, schedule, chosen, bound, lambda start: (1,), start=1)


theorem = Smallest(
    key="ours/sam-smallest",
    title="non-convex, full batch, any λ: the smallest gradient norm, exact for γ ≤ 1/L",
    source="this project",
    status="ours",
    assumptions=("smooth", "full-batch"),
    measure="min_grad2",
    sees="length",
    statement=(
        "min_{t<T} E‖∇f(x_t)‖² ≤ min{2Lδ₀, ((b + √(b² + 4cd))/(2c))²} for γ ≤ 1/L, c = 2 + (T − 1)Lγu(4 − Lγu),"
        " b = (T − 1)L²γρλ(4 − 2Lγu), d = (T − 1)(L²γρλ)² + 4Lδ₀, u = 1 − aLρ"
    ),
    rho_max=1 / (a * L),
    gamma_max=1 / L,
    rho_usual=rho_paper,
    formula=smallest(solution, 2 * L * delta0),
)
