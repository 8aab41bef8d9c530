"""benchmark [--quick] [--repeats N] [--json FILE]: how many times faster than a plain loop the engines are.

Everything is measured in one process, one after another in every repeat, in processor time of one thread: ratios stand
still where the machine is shared.  Exit code 1 where the median of a ratio misses what it should reach (`--quick`: half
of it).  The document has ratios only.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"  # before NumPy loads

import numpy as np
from _plain import Logistic, Ridge, unified_sam

import samtheory as st
from samtheory.engine import run_many
from samtheory.errors import whole
from samtheory.report import json as documents

HERE = Path(__file__).resolve().parent
SCHEMA = "samtheory.benchmark/1"
#: Steps of the experiments that the workloads are taken from: the plain loop looks its records up among as many.
STEPS = 10**6
LAMS = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Work:
    """One row of the table.

    Attributes
    ----------
    name : what is run
    engine : what runs it
    ours, theirs : each runs its side once and returns the number of (step, row) pairs
    least : the ratio to reach, theirs over ours; None where nothing is asked
    """

    name: str
    engine: str
    ours: Callable[[], int]
    theirs: Callable[[], int]
    least: float | None


def seconds(run: Callable[[], int]) -> float:
    """Processor seconds a step and row."""
    begin = time.process_time()
    count = run()
    return (time.process_time() - begin) / count


def linear(n: int, d: int, loss: str) -> tuple[st.Problem, Ridge]:
    """A consistent random linear model with reg = 3/n, as samtheory has it and as the plain loop has it."""
    rng = np.random.default_rng(0)
    A = rng.standard_normal((n, d))
    b = A @ rng.standard_normal(d)
    if loss == "logistic":
        b = np.sign(b)
    f = st.LinearModel(A, b, loss, 3 / n)
    return problem(f, f), (Logistic if loss == "logistic" else Ridge)(A, b, 3 / n)


def problem(objective: Any, f: st.LinearModel) -> st.Problem:
    """The problem of an objective with the constants of the linear model f."""
    return st.Problem(
        objective=objective,
        x0=np.zeros(f.d),
        L_i=st.exact(f.component_smoothness, "closed form"),
        L=st.exact(f.smoothness, "closed form"),
        f_inf=st.numerical(f.reference, "minimiser"),
    )


def steps_of(f: st.LinearModel) -> tuple[float, float]:
    """A step size and radius at which the run is stable."""
    return 0.1 / float(f.component_smoothness.max()), 1e-3


def work(
    name: str,
    engine: str,
    least: float | None,
    *,
    n: int,
    d: int,
    loss: str = "squared",
    sampling: st.Uniform | Any = None,
    lams: Sequence[float] = LAMS,
    trials: int = 10,
    steps: int,
    plain_steps: int,
    every: int | None = None,
    objective: Callable[[st.LinearModel], Any] = lambda f: f,
) -> Work:
    """One problem through the engine, for every lam and trial, and through the plain loop; f every n steps."""
    sampling = st.Uniform() if sampling is None else sampling
    given, plain = linear(n, d, loss)
    f = given.objective
    assert isinstance(f, st.LinearModel)
    gamma, rho = steps_of(f)
    law, every = given.law(sampling), every or n
    schedules = [st.Schedule(gamma, rho, lam) for lam in lams]
    posed = problem(objective(f), f)

    def ours() -> int:
        record = np.arange(0, steps + 1, every)
        run_many(posed, sampling, schedules, steps=steps, trials=trials, record=record, engine=engine, keep=("gap",))
        return steps * trials * len(lams)

    def theirs() -> int:
        record, p = np.arange(0, STEPS + 1, every), getattr(law, "p", None)
        if isinstance(sampling, st.Uniform):
            p = None
        unified_sam(plain, np.zeros(d), gamma, rho, 0.5, plain_steps, record, law.width, p)
        return plain_steps

    return Work(name, engine, ours, theirs, least)


def batched(f: st.LinearModel) -> st.UserSum:
    """The ridge as a person would hand it in: two functions of indices and points."""
    A, b, reg = f.A, f.b, f.reg

    def value(i: np.ndarray, x: np.ndarray) -> np.ndarray:
        return 0.5 * (np.sum(A[i] * x, axis=1) - b[i]) ** 2 + 0.5 * reg * np.sum(x * x, axis=1)

    def gradient(i: np.ndarray, x: np.ndarray) -> np.ndarray:
        a = A[i]
        return (np.einsum("md,md->m", a, x) - b[i])[:, None] * a + reg * x

    return st.UserSum(value, gradient, f.n, f.d, batched=True, reference=f.reference)


def engines(scale: float) -> list[Work]:
    """The engines against the plain loop, on runs of a length that `scale` says."""
    # Short runs end with a chunk of draws, so that none is drawn in vain.
    long, short = int(200_000 * scale), 3840 if scale == 1 else 1792
    eleven = tuple(np.linspace(0, 1, 11).tolist())
    return [
        work("ridge 100x100, uniform, 30 rows", "compiled", 1000, n=100, d=100, steps=long, plain_steps=short),
        work("ridge 100x100, importance, 30 rows", "compiled", 1000, n=100, d=100, sampling=st.Importance(), steps=long,
             plain_steps=short),
        work("ridge 100x100, uniform, 30 rows", "vectorised", 40, n=100, d=100, steps=short, plain_steps=short),
        work("ridge 100x100, uniform, 1 row", "vectorised", 4, n=100, d=100, lams=(0.5,), trials=1, steps=4 * short,
             plain_steps=short),
        work("ridge 100x100, uniform, 30 rows", "reference", None, n=100, d=100, steps=short, plain_steps=short),
        work("logistic 200x10, uniform, 30 rows", "compiled", 700, n=200, d=10, loss="logistic", steps=long,
             plain_steps=short),
        work("ridge 1000x1000, uniform, 30 rows", "compiled", 250, n=1000, d=1000, steps=long // 2,
             plain_steps=short // 4),
        work("ridge 100x100, tau=10, 30 rows", "compiled", 60, n=100, d=100, sampling=st.Nice(10), steps=long // 10,
             plain_steps=short),
        work("ridge 100x100, full batch, 11 lam", "compiled", 300, n=100, d=100, sampling=st.Full(), lams=eleven,
             trials=1, steps=long // 2, plain_steps=short),
        work("ridge 1000x1000, full batch, 11 lam", "compiled", 1000, n=1000, d=1000, sampling=st.Full(), lams=eleven,
             trials=1, steps=long, plain_steps=20),
        work("batched user function 100x100, 30 rows", "vectorised", 30, n=100, d=100, steps=short, plain_steps=short,
             objective=batched),
    ]  # fmt: skip


def limits(scale: float) -> list[Work]:
    """The kernel against C: at most 1.5 times as long."""
    from _limit import compiled, pair

    from samtheory.engine import kernels

    span = compiled()
    if span is None:
        print("no C compiler: the kernels are not compared with C", file=sys.stderr)
        return []
    rows = []
    for n, d, loss, dual in ((100, 100, "squared", True), (1000, 1000, "squared", True), (200, 10, "logistic", False)):
        given, _ = linear(n, d, loss)
        f = given.objective
        assert isinstance(f, st.LinearModel)
        steps = int(3e6 * scale) // max(n, d)
        ours, theirs = pair(span, f.A, f.b, f.reg, kernels.PLACE[f.loss], dual, steps, steps_of(f)[0])
        rows.append(Work(f"{loss} {n}x{d} against C, 30 rows", "kernel", ours, theirs, 1 / 1.5))
    return rows


def peaks() -> list[dict[str, Any]]:
    """The peak memory of a run 10 times as long over that of the run."""
    rows = []
    for engine, steps in (("compiled", 40_000), ("vectorised", 12_000), ("plain loop", 4_000)):
        short, long = peak_of(engine, steps), peak_of(engine, 10 * steps)
        rows.append(
            {"name": f"peak memory, 10 times {steps} steps", "engine": engine, "ours": long, "theirs": short,
             "ratios": [long / short], "most": None if engine == "plain loop" else 1.03}
        )  # fmt: skip
    return rows


def peak_of(engine: str, steps: int) -> int:
    """Kilobytes at most, of a process that makes the run."""
    command = [sys.executable, __file__, "--peak", engine, str(steps)]
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def print_peak(engine: str, steps: int) -> None:
    """Makes the run and prints the peak memory of this process in kilobytes."""
    if engine == "plain loop":
        work("", "reference", None, n=100, d=100, steps=1, plain_steps=steps).theirs()
    else:
        rows: dict[str, Any] = {} if engine == "compiled" else {"lams": (0.5,), "trials": 1}
        work("", engine, None, n=100, d=100, steps=steps, plain_steps=1, every=steps // 100, **rows).ours()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def measure(works: Sequence[Work], repeats: int) -> list[dict[str, Any]]:
    """Each work `repeats` times, all in turn, after one round that nobody counts."""
    found = [{"name": w.name, "engine": w.engine, "least": w.least, "ratios": [], "ours": [], "theirs": []} for w in works]
    for repeat in range(repeats + 1):
        for row, one in zip(found, works, strict=True):
            print(f"\r{repeat}/{repeats} {one.name:50}", end="", file=sys.stderr, flush=True)
            theirs, ours = seconds(one.theirs), seconds(one.ours)
            if repeat:
                row["ratios"].append(theirs / ours)
                row["ours"].append(ours)
                row["theirs"].append(theirs)
    print("\r" + " " * 60, end="\r", file=sys.stderr)
    return found


def judged(row: dict[str, Any], quick: bool) -> bool:
    """Whether the median ratio is what it should be; half of it is enough for `--quick`."""
    middle = float(np.median(row["ratios"]))
    if row.get("most") is not None:
        return middle <= row["most"]
    least = row.get("least")
    return least is None or middle >= (least / 2 if quick else least)


def table(rows: Sequence[dict[str, Any]], quick: bool) -> str:
    """The rows for people: processor time of each side, the ratios, and what was asked."""
    lines = [f"{'':42} {'engine':10} {'theirs':>9} {'ours':>9} {'min':>8} {'median':>8} {'max':>8}  asked"]
    for row in rows:
        low, middle, high = (f"{value:8.3g}" for value in np.quantile(row["ratios"], (0, 0.5, 1)))
        if isinstance(row["ours"], list):
            sides = [f"{np.median(row[side]) * 1e6:6.3g} us" for side in ("theirs", "ours")]
        else:
            sides = [f"{row[side] / 1024:6.0f} MB" for side in ("theirs", "ours")]
        asked = f"at most {row['most']:g}" if row.get("most") else f"at least {row['least']:.3g}" if row.get("least") else ""
        missed = "" if judged(row, quick) else "  MISSED"
        lines.append(f"{row['name']:42} {row['engine']:10} {' '.join(f'{s:>9}' for s in sides)} {low} {middle} {high}  {asked}{missed}")
    return "\n".join(lines)


def document(rows: Sequence[dict[str, Any]], quick: bool) -> dict[str, Any]:
    """The JSON document `samtheory.benchmark/1`."""
    return {
        "quick": quick,
        "rows": [
            {
                "name": row["name"],
                "engine": row["engine"],
                "least": row.get("least"),
                "most": row.get("most"),
                "ratio": dict(zip(("min", "median", "max"), np.quantile(row["ratios"], (0, 0.5, 1)).tolist(), strict=True)),
                "reached": judged(row, quick),
            }
            for row in rows
        ],
        "schema": SCHEMA,
        "version": st.__version__,
    }


class Parser(argparse.ArgumentParser):
    """Bad input is one line."""

    def error(self, message: str) -> NoReturn:
        raise st.InputError(message)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The arguments."""
    parser = Parser(prog="benchmark", description=(__doc__ or "").partition(":")[2])
    parser.add_argument("--quick", action="store_true", help="shorter, under a minute; half of every ratio is enough")
    parser.add_argument("--repeats", metavar="N", help="rounds to take the median of (7; 3 with --quick)")
    parser.add_argument("--json", metavar="FILE", help="the ratios as JSON, - for stdout")
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0, 1 where a ratio is missed, 2 for bad input."""
    try:
        arguments = parse(argv)
        if arguments.peak:
            print_peak(arguments.peak[0], int(arguments.peak[1]))
            return 0
        quick = arguments.quick
        repeats = whole("repeats", arguments.repeats or (3 if quick else 7), 1)
        write = documents.writer(arguments.json) if arguments.json else None
    except st.InputError as error:
        print(f"benchmark: error: {error}", file=sys.stderr)
        return 2
    scale = 0.25 if quick else 1.0
    # The peaks first: a process begins with the peak of the one that starts it.
    memory = peaks()
    rows = [*measure([*engines(scale), *limits(scale)], repeats), *memory]
    print(table(rows, quick), file=sys.stderr)
    if write is not None:
        write(document(rows, quick))
    return 0 if all(judged(row, quick) for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
