"""Exact expectations over time, free of sampling error, against a plan's bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.problem.distance import starts, why_set_unknown
from samtheory.problem.problem import Problem
from samtheory.theorems.plan import Plan

from .evidence import Evidence, compare, drawn, skipped
from .rounding import of_bound

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
    gap_rounding, grad2_rounding : bounds on the rounding errors, up to `RELATIVE` of the bound, asked where they matter
    """

    t: npt.NDArray[np.intp]
    gap: Array
    grad2: Array
    distance2: Array
    gap_rounding: Callable[[], Array]
    grad2_rounding: Callable[[], Array]


def against(problem: Problem, plan: Plan, found: Expected, kind: str, name: str) -> Evidence:
    """The plan's bound against the expectations at every t > 0; `t` begins at 0, and is all t for a mean over time.

    Rounding: `RELATIVE` of the bound and `TINY`, of `Expected` for gaps and gradients, `OF_START` for a distance.
    """
    measure, t = plan.theorem.measure, found.t[1:]  # at t = 0 bound and measure are the same number
    start = starts(problem)[plan.theorem.lyapunov]
    if start is None or (measure == "distance2" and np.isnan(found.distance2[0])):
        return skipped(kind, name, why_set_unknown(problem) or "the distance is not a number")
    bound = np.asarray(plan.bound(t, start))
    values, off = {
        "gap": (found.gap, found.gap_rounding),
        "avg_gap": (found.gap, found.gap_rounding),
        "min_grad2": (found.grad2, found.grad2_rounding),
        "avg_grad2": (found.grad2, found.grad2_rounding),
        "distance2": (found.distance2, lambda: np.full(len(found.t), OF_START * found.distance2[0])),
    }[measure]
    measured = over_time(measure, values)
    compared = compare(
        kind, name, bound, measured, RELATIVE * bound + TINY, lambda k: f"t={t[k]}",
        more=lambda: measured - over_time(measure, values - off()) + of_bound(problem, plan, t, start),
    )  # fmt: skip
    return replace(compared, curve=drawn(t, measured, bound))


def over_time(measure: str, values: Array) -> Array:
    """What a theorem's measure makes of values at 0, ..., K: those after 0, or the minimum or mean of those before."""
    match measure.partition("_")[0]:
        case "min":
            return np.minimum.accumulate(values)[:-1]
        case "avg":
            return np.asarray(np.cumsum(values)[:-1] / np.arange(1, len(values)))
    return values[1:]
