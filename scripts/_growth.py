"""How the time of a step grows with n and with d, and what a second thread gains."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from _benchmark import linear, posed, steps_for

import samtheory as st

#: The sizes of n or d, and of the other one.
SIZES, OTHER = (100, 300, 1000, 3000), 30
#: Trials of a run, and runs of which the quickest counts.
TRIALS, REPEATS = 10, 3


def seconds(n: int, d: int, engine: str, steps: int, clock: Callable[[], float], workers: int = 1) -> float:
    """Seconds of a step of a trial, f recorded every n steps."""
    f = linear(n, d, "squared")
    problem, (gamma, rho) = posed(f, f), steps_for(f)
    asked = {"gamma": gamma, "rho": rho, "steps": steps, "trials": TRIALS, "engine": engine, "workers": workers}

    def once() -> float:
        begin = clock()
        st.run(problem, "uniform", record=np.arange(0, steps + 1, n), **asked)
        return (clock() - begin) / (steps * TRIALS)

    once()  # compiles, and allocates
    return min(once() for _ in range(REPEATS))


def exponent(sizes: tuple[int, ...], times: list[float]) -> float:
    """The slope of log(time) over log(size), by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def table(quick: bool) -> str:
    """Microseconds of a step at every size with the exponent, and the gain of a second thread."""
    sizes = SIZES[:2] if quick else SIZES
    found = [f"{'us a step and trial':26}" + "".join(f" {size:>8}" for size in sizes) + "  exponent"]
    for engine, steps in (("compiled", 30_000), ("vectorised", 3_000)):
        for name in ("n", "d"):
            shapes = [(size, OTHER) if name == "n" else (OTHER, size) for size in sizes]
            times = [seconds(*shape, engine, steps, time.process_time) for shape in shapes]
            cells = "".join(f" {each * 1e6:8.3g}" for each in times)
            found.append(f"{engine + ', ' + name:26}{cells}  {exponent(sizes, times):8.2f}")
    one, two = (seconds(100, 100, "compiled", 200_000, time.perf_counter, workers) for workers in (1, 2))
    found.append(f"a second thread, 100x100: {one / two:.2f} times as fast by the wall clock")
    return "\n".join(found)
