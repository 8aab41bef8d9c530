"""Trajectories of Unified SAM on a problem, many trials at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..constants import Array
from ..errors import reject, whole
from ..methods.unified_sam import step
from ..problem import Problem
from ..sampling import Draw, Law, Sampling
from ..schedules import Schedule

#: One step of a method: (x, draw, gradient, gamma, rho, lam) -> x+.
Method = Callable[..., Array]

#: Points recorded where none are asked for.
RECORDS = 200


@dataclass(frozen=True)
class Curves:
    """What was recorded of `trials` runs.

    Attributes
    ----------
    t : (K,) the recorded times
    gap : (trials, K), f(x_t) - f_inf
    grad2 : (trials, K), ||grad f(x_t)||^2
    points : (trials, K, d), x_t
    """

    t: npt.NDArray[np.intp]
    gap: Array
    grad2: Array
    points: Array


def log_times(steps: int, count: int = RECORDS) -> npt.NDArray[np.intp]:
    """At most `count` times from 0 to `steps`, both included, spaced evenly in log(1 + t)."""
    return np.unique(np.rint(np.expm1(np.linspace(0, np.log1p(steps), count))).astype(np.intp))


def run(
    problem: Problem,
    sampling: Sampling,
    schedule: Schedule,
    *,
    steps: int,
    trials: int = 1,
    seed: int | Sequence[int] = 0,
    record: Sequence[int] | npt.NDArray[np.intp] | None = None,
    x0: Array | None = None,
    method: Method = step,
) -> Curves:
    """`trials` independent runs of Unified SAM from x0, the problem's by default.

    Trial k draws from the k-th child of `SeedSequence(seed)`, so a result depends on neither the number of trials nor
    the times recorded.  A run that overflows records inf.

    Parameters
    ----------
    problem, sampling, schedule : what to run
    steps : number of steps, at least 0
    trials : number of runs
    seed : entropy of `numpy.random.SeedSequence`
    record : increasing times in 0..steps; about 200, log-spaced, by default
    x0 : (d,) or (trials, d) start
    method : one step, called as the reference `methods.unified_sam.step` is

    Raises
    ------
    InputError
        If steps, trials or record is out of range.
    """
    steps, trials = whole("steps", steps), whole("trials", trials, 1)
    times = log_times(steps) if record is None else np.asarray(record, dtype=np.intp)
    if times.ndim != 1 or len(times) == 0 or times[0] < 0 or times[-1] > steps or (np.diff(times) <= 0).any():
        raise reject("record", record, f"increasing times between 0 and steps={steps}")
    law = problem.law(sampling)
    start = problem.x0 if x0 is None else np.asarray(x0, dtype=np.float64)
    x = np.array(np.broadcast_to(start, (trials, problem.d)))
    points = np.empty((trials, len(times), problem.d))
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(trials)]
    slot = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for begin, end in chunks(law, steps + 1):
            parameters = schedule.arrays(begin, min(end, steps + 1))
            draws = None if law.deterministic else stacked([law.draw(stream, end - begin) for stream in streams])
            for k in range(min(end, steps + 1) - begin):
                if times[slot] == begin + k:
                    points[:, slot] = x
                    slot += 1
                    if slot == len(times):
                        return measured(problem, times, points)
                gamma, rho, lam = (values[k] for values in parameters)
                if draws is None:
                    x = method(x, None, lambda y, _: problem.objective.gradient(y), gamma, rho, lam)
                else:
                    draw = Draw(draws.indices[:, k], draws.weights[:, k])
                    x = method(x, draw, lambda y, v: problem.objective.stochastic_gradient(y, *v), gamma, rho, lam)
    raise AssertionError("unreachable: the last recorded time is at most steps")


def measured(problem: Problem, times: npt.NDArray[np.intp], points: Array) -> Curves:
    """Curves from recorded points of shape (trials, K, d); what is not a number counts as inf."""
    flat = points.reshape(-1, problem.d)
    gap = problem.suboptimality(flat).reshape(points.shape[:2])
    grad2 = np.sum(problem.objective.gradient(flat) ** 2, axis=-1).reshape(points.shape[:2])
    return Curves(times, *(np.where(np.isnan(values), np.inf, values) for values in (gap, grad2)), points)


def chunks(law: Law, stop: int) -> Iterator[tuple[int, int]]:
    """The (begin, end) of the draws made at once, up to `stop`: 256 steps, doubling up to what memory allows.

    They depend on the law alone, and the last one is drawn whole, so a stream never depends on what else is asked for.
    """
    largest = max(256, 2**19 // law.n)
    begin, length = 0, 256
    while begin < stop:
        yield begin, begin + length
        begin, length = begin + length, min(2 * length, largest)


def stacked(draws: Sequence[Draw]) -> Draw:
    """Draws of the trials side by side, (trials, steps, m), padded with weight 0 to the widest batch."""
    width = max(draw.indices.shape[1] for draw in draws)
    shape = (len(draws), len(draws[0].indices), width)
    indices, weights = np.zeros(shape, dtype=np.intp), np.zeros(shape)
    for r, draw in enumerate(draws):
        indices[r, :, : draw.indices.shape[1]] = draw.indices
        weights[r, :, : draw.weights.shape[1]] = draw.weights
    return Draw(indices, weights)
