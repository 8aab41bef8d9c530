"""f(x_t) - f* of many trials beside the theorem's bound, as the validation figures show it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.engine.run import log_times, run_many
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.theorems.plan import Plan

from .numbers import FORMULA, MEAN, QUANTILE, RUN, Table

#: Points of a curve, and the part of the trials between the lines of the band.
POINTS, BAND = 160, (0.1, 0.9)


def times(full: int, steps: int, log: bool = True) -> npt.NDArray[np.intp]:
    """The recorded times of a run of `full` steps that one of `steps` reaches too, even in log(t) or in t."""
    every = log_times(full, POINTS) if log else np.linspace(0, full, POINTS).astype(np.intp)
    return every[every <= steps]


def curves(
    problem: Problem,
    sampling: Sampling,
    plans: Mapping[str, Plan],
    record: npt.NDArray[np.intp],
    trials: int,
    seed: int,
) -> dict[str, Table]:
    """A table for each plan, all on the same draws; everything is divided by f(x_0) - f*."""
    found = run_many(
        problem,
        sampling,
        [plan.schedule for plan in plans.values()],
        steps=int(record[-1]),
        trials=trials,
        seed=seed,
        record=record,
        keep={"gap"},
    )
    return {
        label: table(record, each.gap / problem.delta0, plan.bound(record, problem.delta0) / problem.delta0)
        for (label, plan), each in zip(plans.items(), found, strict=True)
    }


def table(t: npt.NDArray[np.intp], gap: Array, bound: Array | None = None) -> Table:
    """Mean, standard error and 10 and 90 % quantiles over the trials of gap, shape (trials, K), and the bound."""
    trials = len(gap)
    columns: dict[str, Any] = {"t": t.tolist(), "mean": gap.mean(axis=0)}
    tolerance = {"mean": RUN if trials == 1 else MEAN}
    if trials > 1:
        low, high = np.quantile(gap, BAND, axis=0)
        columns |= {"se": gap.std(axis=0, ddof=1) / math.sqrt(trials), "low": low, "high": high}
        tolerance |= {"low": QUANTILE, "high": QUANTILE}
    if bound is not None:
        columns["bound"], tolerance["bound"] = bound, FORMULA
    return Table(("t",), columns, tolerance)
