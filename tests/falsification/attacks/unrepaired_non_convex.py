"""A false theorem: the non-convex bound of this project before its repair.

The weighted sum of the descents s_t has to be positive, where the proof needs each of them to be: one step that is far
too long is paid for by later ones.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samtheory.constants import Constants
from samtheory.request import Request
from samtheory.theorems.ours_non_convex import TightNonConvex
from samtheory.theorems.ours_non_convex import theorem as repaired
from samtheory.theorems.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Unrepaired(TightNonConvex):
    """min over t < T of E||grad f(x_t)||^2 <= (delta0 + sum w_t r_t)/(sum w_t s_t) where the sum is positive."""

    def make_plan(self, constants: Constants, request: Request, delta0: float | None) -> Plan:
        plan = super().make_plan(constants, request, delta0)
        trivial = 2 * float(constants.L)

        def bound(t: Any, start: float) -> Any:
            T = np.asarray(t, dtype=np.intp)
            one = plan.inequality(start, 0, max(int(T.max()), 1))
            growth, q, r = (part[0] for part in np.broadcast_arrays(*one[:3]))
            w = np.exp(-np.cumsum(np.log1p(growth), axis=1))
            descent = np.cumsum(-w * q, axis=1)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                found = np.where(descent > 0, (start + np.cumsum(w * r, axis=1)) / descent, np.inf).min(axis=0)
            return np.minimum(found, trivial * start)[T - 1]

        return replace(plan, bound=bound)


theorem = Unrepaired(
    key="test/unrepaired-non-convex",
    title="non-convex, before the repair",
    source="this project, a mistake",
    status="ours",
    assumptions=repaired.assumptions,
    measure="min_grad2",
    statement="min_{t<T} E‖∇f(x_t)‖² ≤ (δ₀ + Σ w_t r_t)/(Σ w_t s_t), w_t = Π_{j≤t} 1/(1 + growth_j), least over b",
)
