"""The mean over independent trials against the bound at every recorded t."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array, Indices
from samtheory.engine.run import Curves, log_times
from samtheory.problem.distance import rounding as distance_rounding
from samtheory.problem.distance import squared_distance, starts, why_set_unknown
from samtheory.problem.problem import Problem
from samtheory.status import Status
from samtheory.theorems.plan import Plan

from .e_values import log_e_average, log_e_smallest, log_e_value, over_times
from .evidence import Evidence, compare, drawn, skipped
from .rounding import of_bound, of_gap, of_grad2

KIND = "trajectory"
#: Cells a run may have so that its family-wise false-alarm probability is at most alpha.
FAMILY = 10_000
#: The confidence of the upper limit that is reported beside a mean.
CONFIDENCE, NORMAL_QUANTILE = 0.999, 3.0902


def record_times(plan: Plan, steps: int) -> npt.NDArray[np.intp]:
    """The times to record for `trajectory`: about 60, or all of them for a minimum or mean over time."""
    return log_times(steps, 60) if pointwise(plan) else np.arange(steps + 1)


def pointwise(plan: Plan) -> bool:
    """Whether the theorem bounds a quantity at each time by itself, not a minimum or mean over time."""
    return plan.theorem.measure in ("gap", "distance2")


def recorded(plan: Plan) -> tuple[str, ...]:
    """The quantities that `trajectory` needs of the runs."""
    return ("points", "grad2") if plan.theorem.measure in ("min_grad2", "avg_grad2") else ("points", "gap")


def trajectory(problem: Problem, plan: Plan, curves: Curves, random: bool, alpha: float) -> Evidence:
    """Recorded runs of the plan's schedule against its bound; one run decides where nothing is random.

    Parameters
    ----------
    random : whether the runs differ; if not, one is exact evidence
    alpha : the family-wise false-alarm probability; this cell is judged at alpha / `FAMILY`
    """
    if plan.theorem.measure == "gap":

        def tolerance(which: slice) -> Array:
            off = of_gap(problem, curves.points[:, which]).max(axis=0)
            return np.asarray(off + of_bound(problem, plan, curves.t[which], problem.delta0))

        bound = plan.bound(curves.t, problem.delta0)
        first, later = slice(0, 1), slice(1, None)
        start = judge(curves.t[first], curves.gap[:, first], bound[first], lambda: tolerance(first), False, alpha)
        if start.verdict != Status.HOLDS or len(bound) == 1:
            return start
        # At t = 0 bound and gap are the same number: the ratio says nothing.
        return judge(curves.t[later], curves.gap[:, later], bound[later], lambda: tolerance(later), random, alpha)
    measure, begin = plan.theorem.measure, starts(problem)[plan.theorem.lyapunov]
    reason = why_set_unknown(problem) if measure == "distance2" or begin is None else None
    if reason is not None or begin is None:
        return skipped(KIND, measure, reason or "the start of the bound is not known")
    if measure == "distance2":
        t, points = curves.t[1:], curves.points[:, 1:]
        away = squared_distance(problem, points.reshape(-1, problem.d)).reshape(points.shape[:2])
        off = distance_rounding(problem, np.abs(points).max(axis=0))
        allowed = lambda: off + of_bound(problem, plan, t, begin)  # noqa: E731
        return judge(t, away, plan.bound(t, begin), allowed, random, alpha)
    gap, points = measure == "avg_gap", curves.points[:, :-1]
    W = (curves.gap if gap else curves.grad2)[:, :-1]

    def rounding() -> Array:
        return of_gap(problem, points) if gap else of_grad2(problem, points, W)

    return judge_over_time(W, plan, begin, random, alpha, rounding, lambda T: of_bound(problem, plan, T, begin))


def judge(
    t: npt.NDArray[np.intp],
    gap: Array,
    bound: Array,
    rounding: Callable[[], Array | float],
    random: bool,
    alpha: float,
) -> Evidence:
    """Means of gap (trials, K) against bound (K,): violated beyond rounding if nothing is random, else by e-value.

    `rounding` gives a bound on the rounding error of the means, (K,), and is asked only where it matters.
    """
    tolerance, mean = 1e-9 * bound, gap.mean(axis=0)
    found = compare(
        KIND, "mean over trials", bound, mean, tolerance, lambda k: f"t={t[k]}", basis(random), more=rounding
    )
    found = replace(found, curve=drawn(t, mean, bound))
    if not random:
        return found
    found = replace(found, detail=upper_limit(gap, bound))
    if found.verdict == Status.HOLDS:
        return found
    return decided(found, over_times(log_e_value(gap, bound + tolerance + rounding())), alpha)


def judge_over_time(
    W: Array,
    plan: Plan,
    start: float,
    random: bool,
    alpha: float,
    rounding: Callable[[], Array],
    of_start: Callable[[Indices], Array],
) -> Evidence:
    """min (or mean) over s < T of E W_s against the bound, for T = 1, 2, ..., all steps of W (trials, T) recorded.

    `rounding` gives a bound on the rounding error of W, of its shape, and `of_start` that of the bound at times T; both
    are asked only where they matter.
    """
    T = np.arange(1, W.shape[1] + 1)
    bound = np.asarray(plan.bound(T, start))
    mean, tolerance = W.mean(axis=0), 1e-9 * bound
    over: Callable[[Array], Array]
    if plan.theorem.measure == "min_grad2":
        name, over, log_e = "smallest mean gradient", np.minimum.accumulate, log_e_smallest
    else:
        what = "gap" if plan.theorem.measure == "avg_gap" else "gradient"
        name, over, log_e = f"average mean {what}", lambda each: np.asarray(np.cumsum(each) / T), log_e_average
    measured = over(mean)

    def more() -> Array:
        return np.asarray(measured - over(mean - rounding().mean(axis=0)) + of_start(T))

    found = compare(KIND, name, bound, measured, tolerance, lambda k: f"T={T[k]}", basis(random), more=more)
    found = replace(found, curve=drawn(T, measured, bound))
    if not random or found.verdict == Status.HOLDS:
        return found
    return decided(found, log_e(np.maximum(W - rounding(), 0.0), bound + tolerance + of_start(T)), alpha)


def basis(random: bool) -> str:
    """How the comparison is known."""
    return "statistical" if random else "exact"


def decided(found: Evidence, log_e: float, alpha: float) -> Evidence:
    """A mean above the bound: violated once the e-value reaches FAMILY/alpha, undecided until then."""
    verdict = Status.VIOLATED if log_e >= math.log(FAMILY / alpha) else Status.UNDECIDED
    value = f"1e{log_e / math.log(10):.1f}" if math.isfinite(log_e) else "infinite" if log_e > 0 else "0"
    return replace(found, verdict=verdict, location=f"{found.location}, e-value {value}")


def upper_limit(gap: Array, bound: Array) -> str:
    """How close to the bound a mean may be, with the assumption that makes it so."""
    if len(gap) < 2:
        return ""
    with np.errstate(invalid="ignore", divide="ignore"):
        limit = gap.mean(axis=0) + NORMAL_QUANTILE * gap.std(axis=0, ddof=1) / math.sqrt(len(gap))
        closest = float(np.max(np.where(bound > 0, limit / bound, 0.0), initial=0.0))
    if math.isnan(closest):
        return "no limit on mean/bound: a value is not finite"
    return f"mean/bound at most {closest:.3g} at {100 * CONFIDENCE:g} % confidence each t, if means are normal"
