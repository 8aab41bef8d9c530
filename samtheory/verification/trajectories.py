"""Measured trajectories beside the bounds of theorems, as a table and as a plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory._version import __version__
from samtheory.calculator.classes import OWN, Reading
from samtheory.catalogue import load_method
from samtheory.engine.laws import law_of
from samtheory.engine.run import log_times, run
from samtheory.errors import InputError, NotApplicable, reject
from samtheory.io.json import plain
from samtheory.io.result import Result
from samtheory.methods import Method
from samtheory.problem.distance import distance_to_set, starts
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling
from samtheory.schedules import Schedule, rule_text
from samtheory.theorems.base import MEASURES, Theorem
from samtheory.theorems.plan import Plan

SCHEMA = "samtheory.trajectories/1"
KEYS = {
    SCHEMA: {
        "rows": "one entry for each theorem, λ and time",
        "rows.bound": "what the theorem bounds the mean by",
        "rows.high": "upper end of the band over the trials, null for a single trajectory",
        "rows.low": "lower end of the band over the trials, null for a single trajectory",
        "rows.mean": "mean over the trials",
        "rows.t": "iteration",
        "seed": "seed of the runs, null for trajectories of another program",
    }
}
#: Times that are drawn, and the part of the trials below and above the band.
TIMES, BAND = 160, (0.1, 0.9)


@dataclass(frozen=True)
class Trajectory:
    """A theorem's bound and the measured trajectories under its steps.

    Attributes
    ----------
    theorem, lam : the theorem's key, and λ as text
    t : (K,) times
    mean : (K,) the mean over trials of what the theorem bounds
    low, high : (K,) 10 and 90 % quantiles over trials; None where there is one trial, or a minimum of means is bounded
    bound : (K,) the bound
    """

    theorem: str
    lam: str
    t: npt.NDArray[np.intp]
    mean: Array
    low: Array | None
    high: Array | None
    bound: Array

    @property
    def label(self) -> str:
        """The theorem and λ."""
        return f"{self.theorem}, λ={self.lam}"

    @property
    def tightest(self) -> int:
        """Index of the smallest bound / mean after the start."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(self.mean > 0, self.bound / self.mean, np.inf)
        later = np.flatnonzero(self.t > 0)
        return int(later[np.nan_to_num(ratio[later], nan=np.inf).argmin()]) if len(later) else 0


@dataclass(frozen=True, repr=False)
class Trajectories(Result):
    """Measured trajectories on a problem beside the bounds of theorems that bound the same quantity.

    Attributes
    ----------
    measure : the quantity, see `Theorem.measure`
    trials, seed : of the runs; no seed for trajectories of another program
    lines : one for each theorem and λ
    """

    problem: str
    sampling: str
    measure: str
    trials: int
    seed: int | None
    lines: tuple[Trajectory, ...]

    def headline(self) -> str:
        """The setting, and the smallest bound / mean of each line."""
        ratios = (f"{line.label}: bound / mean at least {_ratio(line):.4g}" for line in self.lines)
        return f"{self.problem}, {self.sampling}, {self.trials} trial{'s' * (self.trials != 1)}: {'; '.join(ratios)}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each line and time."""
        for line in self.lines:
            for k, t in enumerate(line.t.tolist()):
                yield {
                    "theorem": line.theorem,
                    "lam": line.lam,
                    "t": t,
                    "mean": float(line.mean[k]),
                    "low": None if line.low is None else float(line.low[k]),
                    "high": None if line.high is None else float(line.high[k]),
                    "bound": float(line.bound[k]),
                }

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.trajectories/1`."""
        about = {name: getattr(self, name) for name in ("problem", "sampling", "measure", "trials", "seed")}
        about |= {"schema": SCHEMA, "version": __version__}
        document: dict[str, Any] = plain({**about, "rows": [dict(row) for row in self.records()]})
        return document

    def plot(self, ax: Any = None) -> Any:
        """Draw the mean with its band, and dashed the bound of each line; a dot marks the smallest bound / mean.

        Parameters
        ----------
        ax : matplotlib axes; new ones by default

        Returns
        -------
        The axes.
        """
        from samtheory.io import drawing

        axes = drawing.axes_or_new(ax)
        axes.set(xscale="log", yscale="log", xlabel="t", ylabel=drawing.symbols(MEASURES[self.measure]))
        for k, line in enumerate(self.lines):
            colour, best = drawing.COLOURS[k % len(drawing.COLOURS)], line.tightest
            limits = None if line.low is None or line.high is None else (line.low, line.high)
            drawing.band(axes, line.t, line.mean, limits, line.bound, color=colour, label=line.label)
            mark, where = drawing.MARKS[k % len(drawing.MARKS)], [max(line.t[best], 0.5)]
            axes.plot(where, [line.mean[best]], mark, color=colour, markersize=4)
            axes.plot(where, [line.bound[best]], mark, color=colour, markerfacecolor="white", markersize=4)
        axes.plot([], [], color=drawing.GREY, linestyle=drawing.DASHED, label="bound")
        axes.plot([], [], "o", color=drawing.GREY, markersize=4, label="smallest bound / measured")
        axes.set_title(f"{self.problem}, {self.sampling}, {self.trials} trial{'s' * (self.trials != 1)}")
        drawing.legend_below(axes)
        return axes


def _ratio(line: Trajectory) -> float:
    """The smallest bound / mean after the start."""
    mean = line.mean[line.tightest]
    return float(line.bound[line.tightest] / mean) if mean > 0 else np.inf


def trajectories(
    problem: Problem,
    sampling: Sampling,
    theorems: Sequence[Theorem],
    requests: Sequence[Request],
    method: Method | None = None,
    curves: tuple[npt.NDArray[np.intp], Array] | None = None,
    reading: Reading = OWN,
) -> Trajectories:
    """Run the method at each theorem's steps and put its bound beside it.

    Parameters
    ----------
    theorems : of one measure
    requests : one for each λ, each with a number of trials
    method, reading : what is run, by default the method of each theorem, and how the theorems cover it
    curves : times (K,) and f(x_t) - f* (trials, K) of another program in the place of the runs

    Raises
    ------
    NotApplicable
        If a theorem does not cover the problem.
    InputError
        If the theorems bound different quantities, or curves are given and it is not f(x_t) - f*.
    """
    measures = {theorem.measure: theorem.key for theorem in theorems}
    if len(measures) > 1:
        bounded = ", ".join(f"{key} bounds {measure}" for measure, key in measures.items())
        raise InputError(f"theorem: {bounded}: must bound one quantity in one plot")
    (measure,) = measures
    if curves is not None and measure != "gap":
        raise reject("curves", "given", f"left out beside {measures[measure]}, which bounds {measure}, not f(x_t) - f*")
    asked = requests[0]
    trials = int(asked.trials)
    lines = []
    for theorem in theorems:
        step = load_method(theorem.method, problem) if method is None else method
        for request in requests:
            read = reading.request(theorem, request)
            plan = theorem.plan_for(reading.constants(problem, sampling, request.rho), read, problem.delta0)
            if curves is None:
                trials = 1 if law_of(problem, sampling, step).deterministic else int(asked.trials)
                t, values = measured(problem, sampling, plan, request, trials, step, reading.schedule(plan.schedule))
            else:
                t, values = curves
            lines.append(_line(theorem, rule_text(read.lam), plan, t, values, start_of(problem, plan)))
    if curves is not None:
        trials = len(curves[1])
    seed = None if curves is not None else asked.seed
    return Trajectories(problem.name or "problem", sampling.spec, measure, trials, seed, tuple(lines))


def start_of(problem: Problem, plan: Plan) -> float:
    """V(x0), from which the theorem's bound begins."""
    start = starts(problem)[plan.theorem.lyapunov]
    if start is None:
        raise NotApplicable(f"{plan.theorem.key}: needs ||x0 - x*||^2, which is not known here")
    return start


def measured(
    problem: Problem, sampling: Sampling, plan: Plan, request: Request, trials: int, method: Method, schedule: Schedule
) -> tuple[npt.NDArray[np.intp], Array]:
    """Times (K,), and (trials, K) of the quantity of which the theorem bounds the mean, minimum or average."""
    kept = {"distance2": "points", "gap": "gap", "avg_gap": "gap"}.get(plan.theorem.measure, "grad2")
    over_time = plan.theorem.measure.startswith(("avg", "min"))
    times = np.arange(request.steps) if over_time else log_times(request.steps, TIMES)
    found = run(
        problem, sampling, schedule, steps=request.steps, trials=trials, seed=request.seed, record=times,
        method=method, keep=(kept,),
    )  # fmt: skip
    values = np.asarray(getattr(found, kept))
    if kept == "points":
        values = distance_to_set(problem, values.reshape(-1, problem.d)).reshape(trials, -1)
    return times, values


def _line(theorem: Theorem, lam: str, plan: Plan, t: npt.NDArray[np.intp], values: Array, start: float) -> Trajectory:
    """The line of one theorem; a minimum or average over s < t is taken here."""
    if theorem.measure.startswith(("avg", "min")):
        drawn = log_times(len(t) - 1, TIMES)
        if theorem.measure.startswith("min"):
            values = np.minimum.accumulate(values.mean(axis=0))[None, drawn]
        else:
            values = (np.cumsum(values, axis=1) / (t + 1))[:, drawn]
        t = t[drawn] + 1
    low, high = np.quantile(values, BAND, axis=0) if len(values) > 1 else (None, None)
    return Trajectory(theorem.key, lam, t, values.mean(axis=0), low, high, np.asarray(plan.bound(t, start)))
