"""Exact expectations over time, free of sampling error, against a plan's bound."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.problem.distance import why_set_unknown
from samtheory.problem.problem import Problem
from samtheory.theorems.plan import Plan

from .evidence import Evidence, compare, drawn, skipped

#: Rounding: a bound may be exceeded by this fraction of it after t steps, and by a number that underflows.
RELATIVE, TINY = 1e-9, float(np.finfo(float).tiny)
#: The rounding error of a squared distance, as a fraction of the one at the start.
OF_START = 1e-12


@dataclass(frozen=True)
class Expected:
    """Expectations at the times `t`; every array has shape (K,).

    Attributes
    ----------
    gap : E f(x_t) - f_inf
    grad2 : E||grad f(x_t)||^2
    distance2 : E of the squared distance to the minimisers (`problem.distance.squared_distance`)
    rounding : a bound on the rounding error of `gap`, up to `RELATIVE` of it
    """

    t: npt.NDArray[np.intp]
    gap: Array
    grad2: Array
    distance2: Array
    rounding: Array


def against(problem: Problem, plan: Plan, found: Expected, kind: str, name: str) -> Evidence:
    """The plan's bound against the expectations at every t > 0; `t` begins at 0, and is all t for a mean over time.

    Rounding: `RELATIVE` of the bound and `TINY`, with `Expected.rounding` for a gap and `OF_START` for a distance.
    """
    theorem, t = plan.theorem, found.t[1:]  # at t = 0 bound and measure are the same number
    if "distance2" in (theorem.measure, theorem.lyapunov) and np.isnan(found.distance2[0]):
        return skipped(kind, name, why_set_unknown(problem) or "the distance is not a number")
    start = problem.delta0 if theorem.lyapunov == "gap" else float(found.distance2[0])
    bound = np.asarray(plan.bound(t, start))
    none = np.zeros(len(t))
    measured, rounding = {
        "gap": (found.gap[1:], found.rounding[1:]),
        "min_grad2": (np.minimum.accumulate(found.grad2)[:-1], none),
        "avg_grad2": (np.cumsum(found.grad2)[:-1] / t, none),
        "avg_gap": (np.cumsum(found.gap)[:-1] / t, np.cumsum(found.rounding)[:-1] / t),
        "distance2": (found.distance2[1:], none + OF_START * found.distance2[0]),
    }[theorem.measure]
    compared = compare(kind, name, bound, measured, RELATIVE * bound + TINY + rounding, lambda k: f"t={t[k]}")
    return replace(compared, curve=drawn(t, measured, bound))
