"""The kernel `span` beside the same steps in C, compiled into a folder that is thrown away."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from samtheory import LinearModel
from samtheory.engine import jit, kernels

SOURCE = Path(__file__).resolve().with_name("_sam.c")
#: The liberties that numba is given, and no more.
FLAGS = (
    "-O3", "-march=native", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros",
    "-fassociative-math", "-freciprocal-math",
)  # fmt: skip
LAMS = (0.0, 0.5, 1.0)


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


class Side:
    """Steps of a linear model from x = 0 with every lam and trial, by the kernel or, given the function, in C."""

    def __init__(self, f: LinearModel, dual: bool, steps: int, trials: int, gamma: float, rho: float) -> None:
        rng = np.random.default_rng(0)
        self.f, self.dual, self.steps, self.rows = f, dual, steps, len(LAMS) * trials
        self.M = f.A @ f.A.T if dual else f.A
        self.draws = rng.integers(f.n, size=(trials, steps)), np.ones((trials, steps))
        each = (len(LAMS), steps)
        self.plan = (np.full(each, gamma), np.full(each, rho), np.repeat(np.array(LAMS)[:, None], steps, axis=1))

    def start(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """S, u and scalars, see the kernel."""
        scalars = np.zeros((self.rows, 4))
        scalars[:, :2] = 1.0
        return np.zeros((self.rows, self.M.shape[1])), np.zeros((self.rows, self.f.n * self.dual)), scalars

    def kernel(self) -> tuple[np.ndarray, ...]:
        """The state after all steps of the kernel."""
        f, state = self.f, self.start()
        data = (f.A, self.M, f.b, f.norms2, kernels.PLACE[f.loss], f.reg, self.dual)
        nothing = (np.empty(0, dtype=np.intp), np.zeros((self.rows, f.d)))
        kernels.span(jit.stamp(), *data, *self.draws, *self.plan, *nothing, *state, np.empty((0, 0, 0)))
        return state

    def in_c(self, span: Callable[..., None]) -> tuple[np.ndarray, ...]:
        """The state after all steps in C."""
        f, state = self.f, self.start()
        trials = len(self.draws[0])
        data = (self.M, f.b, f.norms2, self.M.shape[1], kernels.PLACE[f.loss], f.reg, int(self.dual))
        span(*map(foreign, (*data, *self.draws, trials, len(LAMS), self.steps, *self.plan, *state)))
        return state


def foreign(value: Any) -> Any:
    """An argument as C takes it."""
    if isinstance(value, np.ndarray):
        return value.ctypes.data_as(ctypes.c_void_p)
    return ctypes.c_double(value) if isinstance(value, float) else ctypes.c_int64(value)
