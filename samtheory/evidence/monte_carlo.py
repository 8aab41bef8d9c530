"""The mean over independent trials against the bound at every recorded t, with an e-value for "the mean exceeds it"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..constants import Array
from ..engine.run import log_times, run
from ..problem import Problem
from ..sampling import Sampling
from ..theorems.base import Plan
from .record import Evidence, compare, skipped

KIND = "trajectory"
#: A cell is violated when its e-value reaches 1/ALPHA_CELL: at most 1e-6 of false alarm over a run of 10^4 cells.
ALPHA_CELL = 1e-10
#: The bets of the mixture, eta = 2^-j.
BETS = 2.0 ** -np.arange(13)


def e_value(X: Array, bound: Array) -> Array:
    """An e-value at each t for E X_t > bound_t, from independent X >= 0 of shape (trials, K) and bounds (K,).

    The mean over `BETS` of prod_k (1 + eta (X_k/bound - 1)): its expectation is at most 1 whenever E X <= bound, whatever
    the law of X >= 0 (a test supermartingale), so by Markov it reaches 1/alpha with probability at most alpha.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(X > 0, X / bound, 0.0)
        logs = np.log1p(BETS[:, None, None] * (ratio - 1)).sum(axis=1)
        top = logs.max(axis=0)
        mixed = np.exp(np.minimum(top, 700)) * np.exp(logs - top).mean(axis=0)
    return np.where(np.isinf(ratio).any(axis=0), np.inf, np.where(np.isnan(mixed), 0.0, mixed))


def trajectory(
    problem: Problem, sampling: Sampling, plan: Plan, steps: int, trials: int, entropy: Sequence[int]
) -> Evidence:
    """`trials` runs of the plan's schedule (one where nothing is random) against its bound."""
    if plan.theorem.measure == "gap":
        times = log_times(steps, 100)
    elif plan.theorem.measure in ("min_grad2", "avg_grad2"):
        times = np.arange(steps)
    else:
        return skipped(KIND, plan.theorem.measure, "not measured")
    random = not problem.law(sampling).deterministic
    curves = run(
        problem, sampling, plan.schedule, steps=steps, trials=trials if random else 1, seed=[*entropy, 0], record=times
    )
    if plan.theorem.measure == "gap":
        rounding = problem.suboptimality_rounding(curves.points.reshape(-1, problem.d))
        slop = np.nan_to_num(rounding.reshape(curves.gap.shape).max(axis=0), nan=np.inf)
        return judge(curves.t, curves.gap, plan.bound(curves.t, problem.delta0), slop, random)
    return judge_gradients(curves.grad2, plan, problem.delta0, random)


def judge(t: npt.NDArray[np.intp], gap: Array, bound: Array, rounding: Array | float, random: bool) -> Evidence:
    """Means of gap (trials, K) against bound (K,): violated beyond rounding if nothing is random, else by e-value."""
    mean = gap.mean(axis=0)
    slop = np.asarray(rounding) + 1e-9 * bound
    found = compare(
        KIND, "mean over trials", bound, mean, slop, lambda k: f"t={t[k]}", "statistical" if random else "exact"
    )
    if not random or found.verdict == "holds":
        return found
    e = float(e_value(gap, bound + slop).mean())
    verdict = "violated" if e >= 1 / ALPHA_CELL else "undecided"
    return Evidence(KIND, found.name, verdict, "statistical", found.slack, found.where + f", e-value {e:.3g}", found.cases)


def judge_gradients(grad2: Array, plan: Plan, delta0: float, random: bool) -> Evidence:
    """min (or mean) over s < T of E||grad f(x_s)||^2 against the bound, for T = 1, 2, ..., all steps recorded."""
    T = np.arange(1, grad2.shape[1] + 1)
    bound = np.asarray(plan.bound(T, delta0))
    mean = grad2.mean(axis=0)
    smallest = plan.theorem.measure == "min_grad2"
    measured = np.minimum.accumulate(mean) if smallest else np.cumsum(mean) / T
    slop = 1e-9 * bound
    name = "smallest mean gradient" if smallest else "average mean gradient"
    basis = "statistical" if random else "exact"
    found = compare(KIND, name, bound, measured, slop, lambda k: f"T={T[k]}", basis)
    if not random or found.verdict == "holds":
        return found
    if smallest:
        # Every E||grad f(x_s)||^2, s < T, must exceed the bound at T: the least e-value; then the mean over T.
        e = np.mean([e_value(grad2[:, :k], np.full(k, bound[k - 1] + slop[k - 1])).min() for k in T])
    else:
        e = e_value(np.cumsum(grad2, axis=1) / T, bound + slop).mean()
    verdict = "violated" if e >= 1 / ALPHA_CELL else "undecided"
    return Evidence(KIND, name, verdict, "statistical", found.slack, found.where + f", e-value {e:.3g}", found.cases)
