"""Generated data of the shapes of LIBSVM sets: a plain SciPy loop, and the time and memory of each command on them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import expit

import samtheory as st
from samtheory.engine import run_many


class Shape(NamedTuple):
    """Rows, features, and non-zeros of a row; whether rows have length 1 and features a Zipf law, as text has."""

    n: int
    d: int
    row: int
    text: bool


SHAPES = {
    "a9a": Shape(32_561, 123, 14, False),
    "w8a": Shape(49_749, 300, 12, False),
    "covtype": Shape(581_012, 54, 12, False),
    "rcv1": Shape(20_242, 47_236, 83, True),
    "news20": Shape(19_996, 1_355_191, 520, True),
    "million": Shape(1_000_000, 100_000, 46, True),
}
#: The part of the rows that is generated with --quick.
QUICK = 0.02
THEOREM = "unified-sam/3.2"


def generated(name: str, part: float = 1.0) -> tuple[sparse.csr_array, np.ndarray]:
    """Rows and labels; the labels are those of a random linear model with noise."""
    n, d, row, text = SHAPES[name]
    n, rng = max(int(n * part), 100), np.random.default_rng(0)
    columns = (
        np.minimum((d ** rng.random((n, row))).astype(np.int64), d - 1) if text else rng.integers(d, size=(n, row))
    )
    values = rng.random(columns.shape) if text or name == "covtype" else np.ones(columns.shape)
    indptr = np.arange(0, n * row + 1, row)
    A = sparse.csr_array((values.ravel(), columns.ravel().astype(np.int32), indptr), shape=(n, d))
    A.sum_duplicates()
    if text:
        length = np.sqrt(np.asarray(A.multiply(A).sum(axis=1)).ravel())
        A.data /= np.repeat(length, np.diff(A.indptr))
    score = A @ rng.standard_normal(d)
    score += 0.5 * score.std() * rng.standard_normal(n)
    return A, np.where(score > np.median(score), 1.0, -1.0)


def problem_of(name: str, part: float = 1.0) -> st.Problem:
    """Logistic regression on generated rows."""
    return st.load_problem("logistic", rows=generated(name, part), reg=0.01)


def plain_scipy(f: st.LinearModel, x: np.ndarray, gamma: float, rho: float, lam: float, indices: Sequence[int]) -> Any:
    """x after the steps: rows of a `scipy.sparse` matrix, and dense gradients."""
    rows = sparse.csr_matrix(f.A)

    def gradient(x: np.ndarray, i: int) -> np.ndarray:
        a = rows[i]
        slope = -f.b[i] * expit(-f.b[i] * (a @ x)[0])
        return np.asarray(slope * a.toarray()[0] + f.reg * x)

    for i in indices:
        g = gradient(x, i)
        norm = np.linalg.norm(g)
        x = x - gamma * gradient(x + rho * (1 - lam + (lam / norm if norm else 0.0)) * g, i)
    return x


def step_against_scipy(name: str, part: float, steps: int, plain: int) -> tuple[Callable[[], int], Callable[[], int]]:
    """Sides of a benchmark: the loop, and the compiled engine with ten rows; each returns its (step, row) pairs."""
    A, b = generated(name, part)
    f = st.LinearModel(A, b, "logistic", 1e-3)
    problem = st.Problem(f, np.zeros(f.d), f.component_smoothness, f.smoothness, 0.0)
    gamma, rho = 0.1 / float(f.component_smoothness.max()), 1e-3

    def theirs() -> int:
        plain_scipy(f, np.zeros(f.d), gamma, rho, 0.5, np.random.default_rng(0).integers(f.n, size=plain).tolist())
        return plain

    def ours() -> int:
        schedules = [st.Schedule(gamma, rho, 0.5)]
        run_many(
            problem, st.Uniform(), schedules, steps=steps, trials=10, record=[steps], engine="compiled", keep={"gap"}
        )
        return 10 * steps

    return theirs, ours


# Time and memory of the commands, each in a process of its own


def read(name: str, part: float) -> None:
    """Reading the rows from a svmlight file, which is written first."""
    A, b = generated(name, part)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        with path.open("w") as file:
            for i in range(len(b)):
                row = slice(A.indptr[i], A.indptr[i + 1])
                words = zip((A.indices[row] + 1).tolist(), A.data[row].tolist(), strict=True)
                file.write(f"{b[i]:g} " + " ".join(f"{k}:{value:.6g}" for k, value in words) + "\n")
        yield_time(lambda: st.DataFile(str(path)).read())


def yield_time(run: Callable[[], object]) -> None:
    """Run, and print seconds of processor and wall and the peak memory in MB as JSON."""
    from _benchmark import own_peak

    wall, cpu = time.monotonic(), time.process_time()
    run()
    found = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall, "peak": own_peak() / 1024}
    print(json.dumps(found))


COMMANDS: dict[str, Callable[[str, float], None]] = {
    "read": read,
    "rates": lambda name, part: yield_time(lambda: st.rates(problem_of(name, part), "uniform")),
    "check": lambda name, part: yield_time(lambda: st.check(problem_of(name, part), "uniform", budget=20)),
    "verify": lambda name, part: yield_time(
        lambda: [st.verify(problem_of(name, part), each, THEOREM, 0.5) for each in ("uniform", "importance")]
    ),
}


def table(names: Sequence[str], quick: bool) -> str:
    """Seconds and MB of each command on each shape."""
    found = [f"{'shape':10} {'command':8} {'cpu s':>8} {'wall s':>8} {'MB':>8}"]
    for name in names:
        for command in COMMANDS:
            asked = [sys.executable, str(Path(__file__).resolve()), name, command, str(QUICK if quick else 1.0)]
            done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=False)
            numbers = (
                json.loads(done.stdout) if done.returncode == 0 else {"cpu": np.nan, "wall": np.nan, "peak": np.nan}
            )
            cells = f"{numbers['cpu']:8.2f} {numbers['wall']:8.2f} {numbers['peak']:8.0f}"
            found.append(f"{name:10} {command:8} {cells}")
            print(found[-1], file=sys.stderr, flush=True)
    return "\n".join(found)


if __name__ == "__main__":
    COMMANDS[sys.argv[2]](sys.argv[1], float(sys.argv[3]))
