"""Trajectories of Unified SAM on a problem, many trials and schedules at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.errors import InputError, MissingExtra, reject, whole
from samtheory.io.json import plain
from samtheory.io.result import Result
from samtheory.methods import Method
from samtheory.methods.unified_sam import step
from samtheory.objectives.rows import is_sparse
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.sampling.law import Draw, Law
from samtheory.schedules import Schedule

from .base import QUANTITIES, Engine, Piece
from .compiled import installed, kernel_for
from .draws import chunked, chunks
from .laws import law_of
from .lazy import Lazy
from .span import Span
from .threads import one_thread
from .vectorised import OneIndex, Reference, Vectorised

__all__ = ["ENGINES", "Curves", "Method", "log_times", "run", "run_many"]

#: Points recorded where none are asked for.
RECORDS = 200
#: What `engine` may be.
ENGINES = ("auto", "reference", "vectorised", "compiled")
#: Seconds that NumPy would take by `numpy_seconds`, above which a kernel is worth its compilation.
BREAK_EVEN = 2.0
#: Recorded numbers in memory before they are measured.
BUFFER = 2**18


@dataclass(frozen=True, repr=False)
class Curves(Result):
    """Recorded quantities of `trials` runs; a quantity that was not kept has 0 in place of K.

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

    def headline(self) -> str:
        """The numbers of trials and times, and the mean of f - f* at the first and the last."""
        trials = len(self.points)
        text = f"{trials} trial{'s' * (trials != 1)}, {len(self.t)} times from t = {self.t[0]} to {self.t[-1]}"
        if self.gap.size == 0:
            return text
        first, last = self.gap[:, [0, -1]].mean(axis=0)
        return f"{text}; mean of f - f* from {first:.4g} to {last:.4g}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each trial and time: f(x_t) - f* and ||grad f(x_t)||^2, where they were kept."""
        kept = {name: values for name in ("gap", "grad2") if (values := getattr(self, name)).size}
        for trial in range(len(self.points)):
            for k, t in enumerate(self.t.tolist()):
                yield {"trial": trial, "t": t, **{name: float(values[trial, k]) for name, values in kept.items()}}

    def to_json(self) -> dict[str, Any]:
        """Plain data; None in place of infinity and NaN."""
        document: dict[str, Any] = plain({name: value.tolist() for name, value in vars(self).items()})
        return document


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
    engine: str = "auto",
    keep: Collection[str] = QUANTITIES,
    workers: int = 1,
) -> Curves:
    """`trials` independent runs of Unified SAM from x0, the problem's by default.

    Trial k draws from the k-th child of `SeedSequence(seed)`, so a result depends on neither the number of trials nor
    the times recorded (beyond rounding), and every engine takes the same steps.  A run that overflows records inf.
    Memory does not grow with the number of steps, only with what is recorded.

    Parameters
    ----------
    problem, sampling, schedule : what to run
    steps : number of steps, at least 0
    trials : number of runs
    seed : entropy of `numpy.random.SeedSequence`
    record : increasing times in 0..steps; about 200, log-spaced, by default
    x0 : (d,) or (trials, d) start
    method : one step, called as the reference `methods.unified_sam.step` is
    engine : "reference" is the method as it is written, on all trials at once; "vectorised" is the same step in fewer
        passes, for a linear model with one index in two numbers a row; "compiled" is a kernel for the structure of the
        problem and needs numba.  "auto" is "compiled" where NumPy would take more than about `BREAK_EVEN` seconds and
        there is a kernel, else "vectorised": what is small never depends on what is installed.  A method that is not
        the reference is always called as it is written.
    keep : what to record, of "gap", "grad2" and "points"
    workers : threads, each with an equal share of the trials; worth it for kernels, which leave Python alone

    Raises
    ------
    InputError
        If steps, trials, workers, record, engine or keep is not one of those allowed, or no kernel fits.
    """
    (curves,) = run_many(
        problem, sampling, [schedule], steps=steps, trials=trials, seed=seed, record=record, x0=x0, method=method,
        engine=engine, keep=keep, workers=workers,
    )  # fmt: skip
    return curves


def run_many(
    problem: Problem,
    sampling: Sampling,
    schedules: Sequence[Schedule],
    *,
    steps: int,
    trials: int = 1,
    seed: int | Sequence[int] = 0,
    record: Sequence[int] | npt.NDArray[np.intp] | None = None,
    x0: Array | None = None,
    method: Method = step,
    engine: str = "auto",
    keep: Collection[str] = QUANTITIES,
    workers: int = 1,
) -> list[Curves]:
    """`run` for each schedule, all of them on the same draws: quicker together than one by one.

    A method other than the reference gets gamma, rho and lam of shape (rows, 1) where there are several schedules.

    Raises
    ------
    InputError
        As `run`, or if there is no schedule.
    """
    steps, trials, workers = whole("steps", steps), whole("trials", trials, 1), whole("workers", workers, 1)
    times = log_times(steps) if record is None else np.asarray(record, dtype=np.intp)
    if times.ndim != 1 or len(times) == 0 or times[0] < 0 or times[-1] > steps or (np.diff(times) <= 0).any():
        raise reject("record", record, f"increasing times between 0 and steps={steps}")
    if not schedules:
        raise InputError("schedules: there is none: must be at least one")
    if not keep or not set(keep) <= set(QUANTITIES):
        raise reject("keep", keep, "some of " + ", ".join(QUANTITIES))
    law, C, d = law_of(problem, sampling, method), len(schedules), problem.d
    start = np.asarray(problem.x0 if x0 is None else x0, dtype=np.float64)
    if start.shape not in ((d,), (trials, d)):
        raise InputError(f"x0: shape {start.shape}: must be ({d},) or ({trials}, {d})")
    X = np.broadcast_to(start, (trials, d))
    shapes: dict[str, tuple[int, ...]] = {"gap": (), "grad2": (), "points": (d,)}
    found = {name: np.empty((trials * C, len(times) if name in keep else 0, *each)) for name, each in shapes.items()}

    def move(some: range) -> None:
        """The rows of some trials, with an engine of their own."""
        start = np.repeat(X[some.start : some.stop], C, axis=0)
        mover = engine_for(problem, law, start, int(times[-1]), method, engine, keep, trials * C)
        rows, slot = slice(some.start * C, some.stop * C), 0
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for piece in pieces(law, schedules, times, mover, seed, some):
                for name, values in mover.advance(piece).items():
                    found[name][rows, slot : slot + len(values)] = np.moveaxis(values, 0, 1)
                slot += len(piece.marks)

    ends = [trials * k // min(workers, trials) for k in range(min(workers, trials) + 1)]
    shares = [range(begin, end) for begin, end in pairwise(ends)]
    with one_thread():
        if len(shares) == 1:
            move(*shares)
        else:
            with ThreadPoolExecutor(len(shares)) as threads:
                list(threads.map(move, shares))
    return [Curves(times, **{name: values[c::C] for name, values in found.items()}) for c in range(C)]


def engine_for(
    problem: Problem, law: Law, X: Array, steps: int, method: Method, engine: str, keep: Collection[str], rows: int
) -> Engine:
    """The engine to use, with its rows at X; `rows` is the number of all rows of the run, by which it is chosen.

    Raises
    ------
    InputError
        If there is no such engine, or "compiled" is asked for where it cannot be had.
    """
    if engine not in ENGINES:
        raise reject("engine", engine, "one of " + ", ".join(ENGINES))
    if method is not step or engine == "reference":
        if engine == "compiled":
            raise InputError("engine=compiled: must be auto or reference for a method other than the reference")
        return Reference(problem, X, keep, method)
    if engine == "compiled":
        kernel = kernel_for(problem, law)
        if kernel is None:
            raise InputError(f"engine=compiled: no kernel for {type(problem.objective).__name__}: must be auto")
        if not installed():
            raise MissingExtra("engine=compiled", "fast")
        return kernel(problem, X, keep)
    found = numpy_engine(problem, law, X, keep)
    large = numpy_seconds(found, law, steps, rows) > BREAK_EVEN
    if engine == "auto" and large and installed() and (kernel := kernel_for(problem, law)) is not None:
        return kernel(problem, X, keep)
    return found


def numpy_engine(problem: Problem, law: Law, X: Array, keep: Collection[str]) -> Engine:
    """The fastest engine without a kernel."""
    if law.deterministic or law.width > 1:
        return Vectorised(problem, X, keep)
    linear = problem.objective.as_linear_model()
    if linear is None:
        return OneIndex(problem, X, keep)
    return (Lazy if is_sparse(linear.A) else Span)(problem, X, keep, linear)


def numpy_seconds(engine: Engine, law: Law, steps: int, rows: int) -> float:
    """Estimated time of an engine in NumPy: per step, per row of iterates, and per entry of its batch."""
    return float(steps * (engine.step_seconds + rows * (6e-7 + 2e-9 * law.width * engine.problem.d)))


def pieces(
    law: Law,
    schedules: Sequence[Schedule],
    times: npt.NDArray[np.intp],
    mover: Engine,
    seed: int | Sequence[int],
    trials: range,
) -> Iterator[Piece]:
    """The run of some trials up to the last time, cut where a chunk of draws ends or `BUFFER` is full."""
    last = int(times[-1])
    most = max(1, BUFFER // (len(mover.X) * mover.width))
    until = max(last, 1)
    if law.deterministic:
        parts: Iterable[tuple[int, int, Draw | None]] = ((begin, end, None) for begin, end in chunks(law, until))
    else:
        parts = chunked(law, seed, trials, until, mover.draw)
    for begin, end, draws in parts:
        stop = min(end, last)
        recorded = times[(times >= begin) & ((times < stop) | (times == stop) & (stop == last))]
        cuts = [begin, *recorded[most::most].tolist(), stop]
        for k, (lo, hi) in enumerate(pairwise(cuts)):
            gamma, rho, lam = (np.array(given) for given in zip(*(s.arrays(lo, hi) for s in schedules), strict=True))
            here = slice(lo - begin, hi - begin)
            part = None if draws is None else Draw(draws.indices[:, here], draws.weights[:, here])
            yield Piece(part, gamma, rho, lam, recorded[k * most : (k + 1) * most] - lo)
