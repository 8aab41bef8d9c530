"""What every engine does: move rows of iterates through pieces of a run, and measure them where asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.objectives.base import FiniteSum
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw, Law

from .draws import Streams, drawn

#: What can be recorded.
QUANTITIES = ("gap", "grad2", "points")
#: Numbers in memory at once while something is measured.
BLOCK = 2**16
#: A square below this has lost digits, and the inverse of a length below that would overflow.
TINY, LEAST_LENGTH = 1e-280, 1e-300


@dataclass(frozen=True)
class Piece:
    """T steps of every row, and where to record on the way.

    Attributes
    ----------
    draws : indices and weights of shape (trials, T, m), None where nothing is random
    gamma, rho, lam : (schedules, T)
    marks : increasing, in 0..T: record after so many of the steps
    """

    draws: Draw | None
    gamma: Array
    rho: Array
    lam: Array
    marks: npt.NDArray[np.intp]

    @property
    def steps(self) -> int:
        """T."""
        return int(self.gamma.shape[1])


class Engine(ABC):
    """Iterates of all trials and schedules, one row each: row = trial * schedules + schedule.

    Parameters
    ----------
    problem : where they move
    X : (rows, d) where they start
    keep : what to record, of `QUANTITIES`
    """

    #: Numbers that one record of one row takes.
    width: int
    #: Estimated time of a step in NumPy, without what its rows add.
    step_seconds = 3e-5

    def __init__(self, problem: Problem, X: Array, keep: Collection[str]) -> None:
        self.problem, self.X, self.keep = problem, X, keep
        self.width = problem.d

    def draw(self, law: Law, streams: Streams, size: int) -> Draw:
        """`size` draws of every stream; exactly the law's own."""
        return drawn(law, streams, size)

    @abstractmethod
    def advance(self, piece: Piece) -> dict[str, Array]:
        """Moves every row through the piece; what is kept of the marks, each of shape (marks, rows, ...)."""


def measured(problem: Problem, points: Array, keep: Collection[str]) -> dict[str, Array]:
    """What is kept of points of shape (K, rows, d); what is not a number counts as inf."""
    f, (K, rows, d) = problem.objective, points.shape
    flat = points.reshape(-1, d)
    # A gradient that has no form of its own is the mean over all n, one by one.
    each = f.n * d if type(f).gradient is FiniteSum.gradient else f.n + d
    size = max(1, BLOCK // each)
    blocks = [flat[k : k + size] for k in range(0, max(len(flat), 1), size)]
    found: dict[str, Array] = {}
    if "gap" in keep:
        found["gap"] = np.concatenate([problem.suboptimality(X) for X in blocks])
    if "grad2" in keep:
        found["grad2"] = np.concatenate([np.sum(f.gradient(X) ** 2, axis=-1) for X in blocks])
    found = {name: clean(values.reshape(K, rows)) for name, values in found.items()}
    return {**found, "points": points} if "points" in keep else found


def clean(values: Array) -> Array:
    """`values` with inf for what is not a number."""
    return np.where(np.isnan(values), np.inf, values)


def inverse_norm(g: Array) -> Array:
    """1/||g|| of each row of g (shape (..., d)), of shape (..., 1); 0 where g = 0."""
    square = (g[..., None, :] @ g[..., :, None])[..., 0]
    if square.min() > TINY:
        return np.asarray(1 / np.sqrt(square))
    largest = np.abs(g).max(axis=-1, keepdims=True)
    scaled = g / np.where(largest > 0, largest, 1)
    length = np.maximum(largest * np.linalg.norm(scaled, axis=-1, keepdims=True), LEAST_LENGTH)
    return np.where(largest > 0, 1 / length, 0.0)
