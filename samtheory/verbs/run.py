"""Run the method."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.engine.run import ENGINES, Curves
from samtheory.engine.run import run as run_trials
from samtheory.errors import InputError, float_array, reject, whole, words
from samtheory.methods import Method
from samtheory.request import STEPS
from samtheory.schedules import Rule, Schedule
from samtheory.theorems.plan import Plan

from .arguments import ProblemLike, SamplingLike, as_problem, as_sampling, as_schedule, as_step, several


def run(
    problem: ProblemLike,
    sampling: SamplingLike | None = None,
    schedule: Schedule | Plan | None = None,
    *,
    gamma: Rule | None = None,
    rho: Rule | None = None,
    lam: Rule | None = None,
    steps: int = STEPS,
    trials: int = 1,
    seed: int | Sequence[int] = 0,
    record: Sequence[int] | npt.NDArray[np.intp] | None = None,
    x0: Array | None = None,
    method: str | Path | Method = "unified-sam",
    engine: str = "auto",
    keep: Collection[str] = ("gap",),
    workers: int = 1,
    params: Mapping[str, Any] | None = None,
    data: Any = None,
) -> Curves:
    """Independent runs of a method, all trials at once.

    Trial k draws from the k-th child of `SeedSequence(seed)`, so a result depends on neither the number of trials nor
    the recorded times (beyond rounding), and every engine takes the same steps. A run that overflows records inf.

    Parameters
    ----------
    problem : name, path ending in .py, or `Problem`
    sampling : text such as "nice:3", or a sampling; by default uniform, or the full batch of a single component
    schedule : `Schedule`, or the plan of a theorem
    gamma, rho, lam : step size, ascent radius and lam in the place of a schedule, each a number, a named rule or a
        callable of t; by default rho = 0 and lam = 0.5
    steps : number of steps, at least 0
    trials : number of runs
    seed : entropy of `numpy.random.SeedSequence`
    record : increasing times in 0..steps; about 200, log-spaced, by default
    x0 : (d,) or (trials, d) start; by default that of the problem
    method : name, FILE.py, FILE.py:NAME, or a step called as `methods.unified_sam.step`
    engine : "reference" evaluates the method as it is written; "vectorised" is the same step in fewer passes;
        "compiled" needs numba; "auto" chooses by cost
    keep : quantities to record, of "gap", "grad2" and "points"; f(x_t) - f* alone by default, which is the quickest
    workers : threads that share the trials, for long runs on several cores; the steps are the same
    params, data : parameters of a problem by name, and the file or pair (A, b) that replaces its rows

    Returns
    -------
    The recorded curves.

    Raises
    ------
    InputError
        If an argument is bad, or no kernel fits.

    Examples
    --------
    >>> curves = run("ridge", "importance", gamma=0.02, rho=0.01, steps=100, trials=4)
    >>> bool(curves.gap[:, -1].mean() < curves.gap[0, 0])
    True
    """
    found = as_problem(problem, params, data)
    planned = as_schedule(schedule, gamma, rho, lam)
    if not isinstance(engine, str):
        raise reject("engine", engine, "one of " + ", ".join(ENGINES))
    return run_trials(
        found,
        as_sampling(sampling, found),
        planned,
        steps=whole("steps", steps),
        trials=whole("trials", trials, 1),
        seed=[whole("seed", each) for each in several(seed)],
        record=None if record is None else _times(record),
        x0=None if x0 is None else _start(x0),
        method=as_step(method, found),
        engine=engine,
        keep=words("keep", keep),
        workers=whole("workers", workers, 1),
    )


#: Whole numbers below this are floats of their own.
WHOLE = 2.0**53


def _times(record: Any) -> npt.NDArray[np.intp]:
    """Whole numbers; the engine checks their order."""
    allowed = "increasing whole numbers"
    exact = float_array("record", record, allowed)
    if not (np.abs(exact) < WHOLE).all() or (exact != np.floor(exact)).any():
        raise reject("record", record, allowed)
    return exact.astype(np.intp)


def _start(x0: Any) -> Array:
    """Finite numbers; the engine checks their shape."""
    start = float_array("x0", x0, "finite numbers of shape (d,) or (trials, d)")
    if not np.isfinite(start).all():
        raise InputError("x0: must be finite")
    return start
