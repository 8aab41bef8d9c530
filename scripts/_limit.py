"""The kernel `span` beside the same steps in C, compiled into a folder that is thrown away."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from samtheory.engine import jit, kernels

SOURCE = Path(__file__).resolve().with_name("_sam.c")
#: The liberties that numba is given, and no more.
FLAGS = (
    "-O3", "-march=native", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros",
    "-fassociative-math", "-freciprocal-math",
)  # fmt: skip


def compiled() -> Callable[..., None] | None:
    """The function `span` of `_sam.c`; None where there is no C compiler."""
    cc = shutil.which("cc")
    if cc is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "sam.so"
        subprocess.run([cc, *FLAGS, "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-lm"], check=True)
        function: Callable[..., None] = ctypes.CDLL(str(library)).span
    return function


def pair(
    span: Callable[..., None], A: np.ndarray, b: np.ndarray, reg: float, loss: int, dual: bool, steps: int, gamma: float
) -> tuple[Callable[[], int], Callable[[], int]]:
    """Both sides on 30 rows, 3 lam and 10 trials, from the same state; each returns the number of (step, row) pairs."""
    (n, d), trials, rng = A.shape, 10, np.random.default_rng(0)
    M, norms2 = A @ A.T if dual else A, np.sum(A * A, axis=1)
    width, rows = M.shape[1], 3 * trials
    index, weight = rng.integers(n, size=(trials, steps)), np.ones((trials, steps))
    gammas, rhos = np.full((3, steps), gamma), np.full((3, steps), 1e-3)
    lams = np.repeat([[0.0], [0.5], [1.0]], steps, axis=1)
    nothing = np.empty((0, rows, 2 * width + 2))

    def state() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        scalars = np.zeros((rows, 4))
        scalars[:, :2] = 1.0
        return np.zeros((rows, width)), np.zeros((rows, n if dual else 0)), scalars

    def ours() -> int:
        S, u, scalars = state()
        kernels.span(
            jit.stamp(), A, M, b, norms2, loss, reg, dual, index, weight, gammas, rhos, lams, np.empty(0, dtype=np.intp),
            np.zeros((rows, d)), S, u, scalars, nothing,
        )  # fmt: skip
        return steps * rows

    def theirs() -> int:
        S, u, scalars = state()
        arrays = [array.ctypes.data_as(ctypes.c_void_p) for array in (M, b, norms2)]
        drawn = [array.ctypes.data_as(ctypes.c_void_p) for array in (index, weight)]
        moved = [array.ctypes.data_as(ctypes.c_void_p) for array in (gammas, rhos, lams, S, u, scalars)]
        whole = ctypes.c_int64
        span(
            *arrays, whole(width), whole(loss), ctypes.c_double(reg), whole(dual), *drawn, whole(trials), whole(3),
            whole(steps), *moved,
        )  # fmt: skip
        return steps * rows

    return ours, theirs
