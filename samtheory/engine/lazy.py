"""Unified SAM on a linear model with sparse rows, one index a step: x = s z, and a step changes s and few entries of z.

The step is that of `span`, x+ = p x + q a_i: s becomes p s, and q/s a_i is added to z.  ||x||^2 is carried along as
p^2 ||x||^2 + 2 p q a_i.x + q^2 ||a_i||^2, and computed anew before rounding adds up.  So both gradients of a step cost
as much as the entries of one row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.objectives import LinearModel
from samtheory.problem.problem import Problem

from .base import TINY, Engine, Piece, inverse_norm, measured
from .compiled import Compiled
from .span import CANCELLED

#: The scale s is multiplied into z before it leaves this range.
SMALLEST = 1e-100
#: ||x||^2 is computed anew below this part of the size whose rounding it carries, and after so many times d entries.
FALLEN, REFRESH = 1e-3, 16


class Lazy(Engine):
    """The step in NumPy, row by row.

    Parameters
    ----------
    f : the objective of the problem, with sparse rows
    """

    step_seconds = 1e-5

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], f: LinearModel) -> None:
        super().__init__(problem, np.array(X), keep)
        self.f = f

    def advance(self, piece: Piece) -> dict[str, Array]:
        assert piece.draws is not None
        points = np.empty((len(piece.marks), *self.X.shape))
        schedules = len(piece.gamma)
        for j, x in enumerate(self.X):
            trial, schedule = divmod(j, schedules)
            index, weight = piece.draws.indices[trial, :, 0], piece.draws.weights[trial, :, 0]
            rules = (piece.gamma[schedule], piece.rho[schedule], piece.lam[schedule])
            self.X[j] = self._run(x, index, weight / self.f.n, rules, piece.marks, points[:, j])
        return measured(self.problem, points, self.keep)

    def _run(
        self, x: Array, index: Indices, weight: Array, rules: tuple[Array, ...], marks: Indices, points: Array
    ) -> Array:
        """x after all the steps; `points` gets those at the marks."""
        f, z, s, slot = self.f, np.array(x), 1.0, 0
        slope: Any = f.loss.slope
        data, columns, indptr, reg = f.A.data, f.A.indices, f.A.indptr, f.reg
        x2 = size = float(x @ x)
        entries = 0
        for t, (i, v, gamma, rho, lam) in enumerate(
            zip(index.tolist(), weight.tolist(), *(r.tolist() for r in rules), strict=True)
        ):
            if slot < len(marks) and marks[slot] == t:
                points[slot] = s * z
                slot += 1
            row = slice(indptr[i], indptr[i + 1])
            a, k = data[row], columns[row]
            N, b, r = f.norms2[i], f.b[i], v * reg
            ax = s * float(a @ z[k])
            c = v * float(slope(ax, b))
            ag = c * N + r * ax
            up = rho * (1 - lam)
            if rho * lam > 0:
                g2 = c * (ag + r * ax) + r * r * x2
                up += (
                    rho * lam * (g2**-0.5 if g2 > CANCELLED * r * r * size + TINY else self._inverse(c, a, k, r * s, z))
                )
            p = 1 - gamma * r * (1 + r * up)
            q = -gamma * (v * float(slope(ax + up * ag, b)) + r * up * c)
            s *= p
            if not SMALLEST < abs(s) < 1 / SMALLEST:
                z, s = s * z, 1.0
            z[k] += q / s * a
            if reg:
                size = max(p * p * size, p * p * x2 + q * q * N)
                x2 = p * (p * x2 + 2 * q * ax) + q * q * N
                entries += len(a)
                if x2 < FALLEN * size or entries > REFRESH * len(z):
                    x2 = size = s * s * float(z @ z)
                    entries = 0
        if slot < len(marks):
            points[slot] = s * z
        return np.asarray(s * z)

    @staticmethod
    def _inverse(c: float, a: Array, k: Indices, scale: float, z: Array) -> float:
        """1/||c a + scale z|| from all entries; 0 where the vector is 0."""
        g = scale * z
        g[k] += c * a
        return float(inverse_norm(g)[0])


class CompiledLazy(Compiled):
    """The step as a kernel, all steps of a row before the next row.

    Parameters
    ----------
    f : the objective of the problem, with sparse rows
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], f: LinearModel) -> None:
        super().__init__(problem, np.array(X), keep)
        from . import lazy_kernel

        self.f, self.step = f, lazy_kernel.lazy
        self.scalars = np.ones((len(X), 4))
        self.scalars[:, 1:3] = np.sum(self.X**2, axis=-1, keepdims=True)
        self.scalars[:, 3] = 0.0

    def move(self, draws: tuple[Indices, Array], plan: tuple[Array | Indices, ...], records: Array) -> None:
        f = self.f
        index, weight = (part[..., 0] for part in draws)
        data = (f.A.data, f.A.indices, f.A.indptr, f.b, f.norms2, self.kernels.PLACE[f.loss], f.reg)
        self.step(self.stamp, *data, index, weight, *plan, self.X, self.scalars, records)
