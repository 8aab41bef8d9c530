"""Small semidefinite programs by a logarithmic barrier, several of one kind at a time, in NumPy.

    minimise c.x  where  A x + b > 0  and  F_0 + x_1 F_1 + ... + x_n F_n is positive definite.

A certificate is any feasible x, however far from the smallest value: the constraints have a margin that is above all
rounding, and every point of the search has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from samtheory._typing import Array

#: Weights of the objective, and Newton steps for each, at most.
WEIGHTS, STEPS = 30, 30
#: The squared Newton decrement at which a weight is done with, the factor of the next weight, and how far a step may
#: go to the edge; what keeps a system of equations regular.
NEAR, FACTOR, SHORT, RIDGE = 0.5, 100.0, 0.9, 1e-14
#: The largest |x_k| while a feasible point is looked for.
BOX = 1e3
#: The margin of every constraint, relative to its terms: far above their rounding; the terms of a coefficient at most.
MARGIN, TERMS = 1e-12, 8.0


class Programs(NamedTuple):
    """B programs in n variables: c (B, n), A (m, n), b (m,), F_0 (B, k, k), F (B, n, k, k)."""

    c: Array
    A: Array
    b: Array
    F0: Array
    F: Array

    def value(self, x: Array) -> Array:
        """c.x of each program."""
        return np.asarray((self.c * x).sum(1))

    def matrices(self, x: Array) -> Array:
        """F_0 + x_1 F_1 + ... of each program."""
        return np.asarray(self.F0 + np.einsum("bn,bnij->bij", x, self.F))

    def inside(self, x: Array) -> Array:
        """Whether each x is feasible, whatever the rounding.

        A matrix whose entries are wrong by at most E_ij is wrong by at most the largest sum of a row of E, in every
        eigenvalue after scaling both by the square roots of these sums.
        """
        x = np.where(np.isfinite(x), x, -1.0)
        sizes = np.abs(self.F0) + TERMS + np.einsum("bn,bnij->bij", np.abs(x), np.abs(self.F) + TERMS)
        scale = np.sqrt(sizes.sum(2))
        scaled = self.matrices(x) / (scale[:, :, None] * scale[:, None, :])
        room = x @ self.A.T + self.b - MARGIN * (np.abs(x) @ np.abs(self.A).T + np.abs(self.b))
        least = np.asarray(np.linalg.eigvalsh(scaled)[:, 0])
        return np.asarray((room > 0).all(1) & (least > MARGIN))

    def newton(self, x: Array, weight: Array) -> tuple[Array, Array, Array]:
        """(step, squared decrement, size of the step to the edge) for weight * c.x - sum of logarithms."""
        slack = x @ self.A.T + self.b
        T = np.matmul(np.linalg.inv(self.matrices(x))[:, None], self.F)
        rows, columns = (each.reshape(*T.shape[:2], -1) for each in (T, T.swapaxes(2, 3)))
        gradient = weight[:, None] * self.c - np.trace(T, axis1=2, axis2=3) - (1 / slack) @ self.A
        hessian = np.matmul(rows, columns.swapaxes(1, 2)) + np.matmul(self.A.T / slack[:, None] ** 2, self.A)
        size = np.sqrt(np.diagonal(hessian, axis1=1, axis2=2))
        scaled = hessian / (size[:, :, None] * size[:, None, :]) + RIDGE * np.eye(len(self.A.T))
        step = -np.linalg.solve(scaled, (gradient / size)[..., None])[..., 0] / size
        turns = np.linalg.eigvals(np.einsum("bn,bnij->bij", step, T)).real.min(1)
        least = np.minimum(turns, ((step @ self.A.T) / slack).min(1))
        return step, -(gradient * step).sum(1), 1 / np.maximum(-least, 1e-300)


def minimised(programs: Programs, x: Array, accuracy: float, enough: Callable[[Array], Array] | None = None) -> Array:
    """Feasible points near the smallest values, within a relative accuracy as far as rounding lets them.

    Parameters
    ----------
    x : (B, n), feasible
    enough : which points may stop the search, if all of them do
    """
    count = len(programs.b) + programs.F.shape[-1]
    weight = count / np.maximum(np.abs(programs.value(x)), 1e-12)
    for _ in range(WEIGHTS):
        for _ in range(STEPS):
            step, decrement, edge = programs.newton(x, weight)
            moved = x + np.minimum(1.0, SHORT * edge)[:, None] * step
            moves = np.logical_and(decrement > NEAR, programs.inside(moved))
            if not moves.any():
                break
            x = np.where(moves[:, None], moved, x)
            if enough is not None and enough(x).all():
                return x
        if (count / weight <= accuracy * np.maximum(np.abs(programs.value(x)), 1e-12)).all():
            break
        weight = weight * FACTOR
    return x


def feasible(programs: Programs, x: Array) -> Array:
    """Feasible points from any x, (B, n), by the least slack that every constraint needs; NaN where none is found."""
    (B, n), k, m = x.shape, programs.F.shape[-1], len(programs.b)
    ends = np.vstack([-np.eye(n, n + 1), np.eye(1, n + 1, n)])
    loose = Programs(
        np.tile(np.eye(1, n + 1, n), (B, 1)), np.vstack([np.column_stack([programs.A, np.ones(m)]), ends]),
        np.concatenate([programs.b, np.full(n, BOX), [1.0]]), programs.F0,
        np.concatenate([programs.F, np.broadcast_to(np.eye(k), (B, 1, k, k))], axis=1),
    )  # fmt: skip
    worst = np.minimum(np.linalg.eigvalsh(programs.matrices(x))[:, 0], (x @ programs.A.T + programs.b).min(1))
    start = np.column_stack([x, 1 + np.maximum(-worst, 0.0)])
    found = minimised(loose, start, 1e-9, lambda y: programs.inside(y[:, :n]))[:, :n]
    return np.where(programs.inside(found)[:, None], found, np.nan)
