"""How many times faster than a plain loop the engines are.

Everything is measured in one process, one after another in every repeat, in processor time of one thread, so that the
ratios stand still where the machine is shared.  The exit code is 1 where the median of a ratio misses what is asked of
it (with --quick: half of that).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import _large
import numpy as np
from _plain import Logistic, Ridge, unified_sam

import samtheory as st
from samtheory.engine import run_many
from samtheory.errors import InputError, reject, whole
from samtheory.io import json as documents

SCHEMA = "samtheory.benchmark/1"
#: The experiments that the workloads are taken from have so many steps; the plain loop looks its records up among them.
STEPS = 10**6
LAMS = (0.0, 0.5, 1.0)
#: Rows where nothing else is said: three lam and ten trials.
TRIALS = 10
#: Peaks that are this close are the same.
SAME_PEAK = 1.03


@dataclass(frozen=True)
class Work:
    """One line of the table.

    Attributes
    ----------
    name, engine : what is run, by what
    theirs, ours : each runs a side once and returns its number of (step, row) pairs
    least : the ratio asked for, theirs over ours; None where nothing is
    """

    name: str
    engine: str
    theirs: Callable[[], int]
    ours: Callable[[], int]
    least: float | None


@dataclass
class Line:
    """What was measured of a work: the sides in seconds a step and row, or of a peak in kilobytes."""

    name: str
    engine: str
    unit: str
    least: float | None = None
    most: float | None = None
    theirs: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> np.ndarray:
        """Smallest, median and largest: theirs over ours, of a peak ours over theirs."""
        ratios = np.array(self.theirs) / np.array(self.ours)
        return np.quantile(1 / ratios if self.unit == "MB" else ratios, (0, 0.5, 1))

    def reached(self, quick: bool) -> bool:
        """Whether the median is what is asked for."""
        middle = self.ratios[1]
        if self.most is not None:
            return bool(middle <= self.most)
        return self.least is None or bool(middle >= (self.least / 2 if quick else self.least))


def linear(n: int, d: int, loss: str) -> st.LinearModel:
    """A consistent random linear model with reg = 3/n."""
    rng = np.random.default_rng(0)
    A = rng.standard_normal((n, d))
    b = A @ rng.standard_normal(d)
    return st.LinearModel(A, np.sign(b) if loss == "logistic" else b, loss, 3 / n)


def posed(objective: Any, f: st.LinearModel) -> st.Problem:
    """The problem of an objective that has the constants of f."""
    return st.Problem(
        objective=objective,
        x0=np.zeros(f.d),
        L_i=st.exact(f.component_smoothness, "closed form"),
        L=st.exact(f.smoothness, "closed form"),
        f_inf=st.numerical(f.reference, "minimiser"),
    )


def steps_for(f: st.LinearModel) -> tuple[float, float]:
    """gamma and rho at which every run is stable."""
    return 0.1 / float(f.component_smoothness.max()), 1e-3


def work(
    name: str,
    engine: str,
    least: float | None,
    shape: tuple[int, int],
    steps: int,
    plain_steps: int,
    *,
    loss: str = "squared",
    sampling: Any = None,
    lams: Sequence[float] = LAMS,
    trials: int = TRIALS,
    every: int = 0,
    objective: Callable[[st.LinearModel], Any] = lambda f: f,
) -> Work:
    """A linear model of shape (n, d) by the engine and by the plain loop, with f every n steps."""
    f, sampling, every = linear(*shape, loss), sampling or st.Uniform(), every or shape[0]
    gamma, rho = steps_for(f)
    problem, schedules = posed(objective(f), f), [st.Schedule(gamma, rho, lam) for lam in lams]
    law = problem.law(sampling)
    p = law.weight**-1 if isinstance(sampling, st.Importance) else None

    def ours() -> int:
        record = np.arange(0, steps + 1, every)
        run_many(problem, sampling, schedules, steps=steps, trials=trials, record=record, engine=engine, keep={"gap"})
        return steps * trials * len(lams)

    def theirs() -> int:
        plain = (Logistic if loss == "logistic" else Ridge)(f.A, f.b, f.reg)
        record = np.arange(0, STEPS + 1, every)
        unified_sam(plain, np.zeros(f.d), gamma, rho, 0.5, plain_steps, record, law.width, p)
        return plain_steps

    return Work(name, engine, theirs, ours, least)


def batched(f: st.LinearModel) -> st.UserSum:
    """Ridge regression as a person would hand it in: functions of indices (m,) and points (m, d)."""
    A, b, reg = f.A, f.b, f.reg

    def value(i: np.ndarray, x: np.ndarray) -> np.ndarray:
        return 0.5 * (np.sum(A[i] * x, axis=1) - b[i]) ** 2 + 0.5 * reg * np.sum(x * x, axis=1)

    def gradient(i: np.ndarray, x: np.ndarray) -> np.ndarray:
        a = A[i]
        return (np.einsum("md,md->m", a, x) - b[i])[:, None] * a + reg * x

    return st.UserSum(value, gradient, f.n, f.d, batched=True, reference=f.reference)


def engines(quick: bool) -> list[Work]:
    """The engines against the plain loop."""
    # Short runs end where a chunk of draws does, so that none is drawn in vain.
    long, short = (50_000, 1_792) if quick else (200_000, 3_840)
    small, large, narrow = (100, 100), (1000, 1000), (200, 10)
    eleven: dict[str, Any] = {"sampling": st.Full(), "lams": np.linspace(0, 1, 11).tolist(), "trials": 1}
    one: dict[str, Any] = {"lams": (0.5,), "trials": 1}
    return [
        work("ridge 100x100, uniform, 30 rows", "compiled", 1000, small, long, short),
        as_written(200_000, short),
        work("ridge 100x100, importance, 30 rows", "compiled", 1000, small, long, short, sampling=st.Importance()),
        work("ridge 100x100, uniform, 30 rows", "vectorised", 40, small, short, short),
        work("ridge 100x100, uniform, 1 row", "vectorised", 4, small, 4 * short, short, **one),
        work("ridge 100x100, uniform, 30 rows", "reference", None, small, short, short),
        work("logistic 200x10, uniform, 30 rows", "compiled", 700, narrow, long, short, loss="logistic"),
        work("ridge 1000x1000, uniform, 30 rows", "compiled", 250, large, long // 2, short // 4),
        work("ridge 100x100, tau=10, 30 rows", "compiled", 60, small, long // 10, short, sampling=st.Nice(10)),
        work("ridge 100x100, full batch, 11 lam", "compiled", 300, small, long // 2, short, **eleven),
        work("ridge 1000x1000, full batch, 11 lam", "compiled", 1000, large, long, 20, **eleven),
        work("a person's batched functions, 30 rows", "vectorised", 30, small, short, short, objective=batched),
        sparse("rcv1", 120, quick),
        sparse("news20", 800, quick),
    ]


def as_written(steps: int, plain_steps: int) -> Work:
    """`st.run` with its defaults, f every n steps, against the plain loop: 30 trials of one schedule."""
    f = linear(100, 100, "squared")
    problem, (gamma, rho) = posed(f, f), steps_for(f)

    def ours() -> int:
        record = np.arange(0, steps + 1, f.n)
        st.run(problem, "uniform", gamma=gamma, rho=rho, lam=0.5, steps=steps, trials=30, record=record)
        return 30 * steps

    theirs = work("", "compiled", None, (100, 100), 1, plain_steps).theirs
    return Work("ridge 100x100, st.run as written", "auto", theirs, ours, 750)


def sparse(name: str, least: float, quick: bool) -> Work:
    """Sparse rows of a shape by the engine and by a plain SciPy loop."""
    theirs, ours = _large.step_against_scipy(name, 0.02 if quick else 0.2, 1_000, 30 if quick else 100)
    return Work(f"logistic, sparse rows as {name}", "compiled", theirs, ours, least)


def limits(quick: bool) -> list[Work]:
    """The kernel against C: at most 1.5 times as long."""
    from _limit import Side, compiled

    span = compiled()
    if span is None:
        print("no C compiler: the kernel is not compared with C", file=sys.stderr)
        return []
    found = []
    for n, d, loss, dual in ((100, 100, "squared", True), (1000, 1000, "squared", True), (200, 10, "logistic", False)):
        f = linear(n, d, loss)
        side = Side(f, dual, (1_000_000 if quick else 4_000_000) // n, TRIALS, *steps_for(f))

        def theirs(side: Side = side) -> int:
            return len(side.in_c(span)[0]) * side.steps

        def ours(side: Side = side) -> int:
            return len(side.kernel()[0]) * side.steps

        found.append(Work(f"{loss} {n}x{d}, theirs in C", "kernel", theirs, ours, 1 / 1.5))
    return found


def measured(works: Sequence[Work], repeats: int) -> list[Line]:
    """Each work `repeats` times, all in turn, after a round that nobody counts."""
    lines = [Line(each.name, each.engine, "us", each.least) for each in works]
    for repeat in range(repeats + 1):
        for line, each in zip(lines, works, strict=True):
            if sys.stderr.isatty():
                print(f"\r{repeat}/{repeats} {each.name:50}", end="\r", file=sys.stderr, flush=True)
            theirs, ours = seconds(each.theirs), seconds(each.ours)
            if repeat:
                line.theirs.append(theirs)
                line.ours.append(ours)
    return lines


def seconds(side: Callable[[], int]) -> float:
    """Processor seconds a step and row."""
    begin = time.process_time()
    count = side()
    return (time.process_time() - begin) / count


def peaks() -> list[Line]:
    """The peak memory of a run, theirs, and of one 10 times as long, ours."""
    lines = []
    peak_of("compiled", 1000)  # compiles, if that is still to do
    for engine, steps in (("compiled", 40_000), ("vectorised", 20_000), ("plain loop", 4_000)):
        most = None if engine == "plain loop" else SAME_PEAK
        line = Line(f"peak of 10 times {steps} steps", engine, "MB", most=most)
        line.theirs.append(peak_of(engine, steps))
        line.ours.append(peak_of(engine, 10 * steps))
        lines.append(line)
    return lines


def peak_of(engine: str, steps: int) -> int:
    """Kilobytes that a process which makes the run has at most."""
    command = [sys.executable, str(Path(__file__).resolve()), "--peak", engine, str(steps)]
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def print_peak(engine: str, steps: int) -> None:
    """Makes the run and prints the peak memory of this process."""
    if engine == "plain loop":
        work("", "reference", None, (100, 100), 1, steps).theirs()
    else:
        rows: dict[str, Any] = {} if engine == "compiled" else {"lams": (0.5,), "trials": 1}
        work("", engine, None, (100, 100), steps, 1, every=steps // 100, **rows).ours()
    print(own_peak())


def own_peak() -> int:
    """The peak memory of this process in kilobytes; `getrusage` alone begins with that of the process before `exec`."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def table(lines: Sequence[Line], quick: bool) -> str:
    """The lines for people: both sides, a step and row, the ratios, and what is asked."""
    found = [f"{'':37} {'engine':10} {'theirs':>9} {'ours':>9} {'min':>8} {'median':>8} {'max':>8}  asked"]
    for line in lines:
        scale = 1e6 if line.unit == "us" else 1 / 1024
        sides = [f"{np.median(side) * scale:6.3g} {line.unit}" for side in (line.theirs, line.ours)]
        ratios = " ".join(f"{ratio:8.3g}" for ratio in line.ratios)
        asked = "" if line.least is None else f"{line.least:.3g} or more"
        asked = asked if line.most is None else f"{line.most:.3g} or less"
        missed = "" if line.reached(quick) else "  MISSED"
        found.append(f"{line.name:37} {line.engine:10} {sides[0]:>9} {sides[1]:>9} {ratios}  {asked}{missed}")
    return "\n".join(found)


def document(lines: Sequence[Line], quick: bool) -> dict[str, Any]:
    """The JSON document `samtheory.benchmark/1`: ratios only."""
    found = [
        {
            "engine": line.engine, "least": line.least, "most": line.most, "name": line.name,
            "ratio": dict(zip(("min", "median", "max"), line.ratios.tolist(), strict=True)),
            "reached": line.reached(quick),
        }
        for line in lines
    ]  # fmt: skip
    return {"lines": found, "quick": quick, "schema": SCHEMA, "version": st.__version__}


class Parser(argparse.ArgumentParser):
    """Bad input is one line."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message)


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """The arguments, or InputError."""
    parser = Parser(prog="benchmark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="in less than a minute; half of a ratio is enough")
    parser.add_argument("--repeats", metavar="N", help="rounds to take the median of (default: 7, or 3 with --quick)")
    parser.add_argument("--json", metavar="FILE", help="the ratios as a document, - for stdout")
    parser.add_argument(
        "--large",
        metavar="SHAPE",
        help="time and memory of each command on generated data instead: " + ", ".join(["all", *_large.SHAPES]),
    )
    parser.add_argument("--growth", action="store_true", help="instead: how a step grows with n and d, and threads")
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0, 1 where a ratio is missed, 2 for bad input, 3 where it was interrupted."""
    try:
        arguments = parsed(argv)
        if arguments.peak:
            print_peak(arguments.peak[0], int(arguments.peak[1]))
            return 0
        quick = arguments.quick
        if arguments.large is not None:
            if arguments.large not in ("all", *_large.SHAPES):
                raise reject("large", arguments.large, ", ".join(["all", *_large.SHAPES]))
            print(_large.table(list(_large.SHAPES) if arguments.large == "all" else [arguments.large], quick))
            return 0
        if arguments.growth:
            from _growth import table as growth

            print(growth(quick))
            return 0
        repeats = whole("repeats", arguments.repeats or (3 if quick else 7), 1)
        write = documents.writer(arguments.json) if arguments.json else None
    except InputError as error:
        print("benchmark: error:", error, file=sys.stderr)
        return 2
    try:
        lines = [*measured([*engines(quick), *limits(quick)], repeats), *peaks()]
    except KeyboardInterrupt:
        print("benchmark: interrupted", file=sys.stderr)
        return 3
    print(table(lines, quick), file=sys.stderr)
    if write is not None:
        write(document(lines, quick))
    return 0 if all(line.reached(quick) for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
