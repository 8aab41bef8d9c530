"""Engines that move their rows with compiled kernels, one for each structure that has one; numba is imported last."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Collection
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.objectives import LinearModel, Quadratics
from samtheory.objectives.losses import LOSSES, Squared
from samtheory.objectives.rotation import Rotation
from samtheory.objectives.rows import is_sparse
from samtheory.objectives.written import altered
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw, Law
from samtheory.sampling.replacement import ReplacementLaw
from samtheory.sampling.single import SingleLaw

from .base import BLOCK, Engine, Piece, clean, measured
from .draws import Streams, drawn
from .span import CANCELLED

#: A A^T is made where it has at most this many entries.
MOST_GRAM = 2**22
#: A x is computed anew after this many times n + d steps: a few percent of the time.
REFRESH = 16


def installed() -> bool:
    """Whether numba is there."""
    return find_spec("numba") is not None


def kernel_for(problem: Problem, law: Law) -> Callable[[Problem, Array, Collection[str]], Compiled] | None:
    """The compiled engine for the structure that the objective declares, None where there is none."""
    f = problem.objective
    tilted = f.as_tilted()
    if law.deterministic or f.n == 1 or tilted is not None:
        rotation = f.rotation()
        if rotation is not None:
            return partial(Rotated, rotation=rotation, tilts=None if tilted is None else tilted.tilts)
    linear, quadratics = f.as_linear_model(), f.as_quadratics()
    if linear is not None and linear.loss in LOSSES.values() and altered(linear.loss) is None:
        one = law.width == 1 and not law.deterministic
        if is_sparse(linear.A):
            from .lazy import CompiledLazy

            return partial(CompiledLazy, f=linear) if one else None
        if one:
            return partial(InSpan, f=linear)
        small = law.width <= 2 * f.d and f.n**2 <= MOST_GRAM
        return partial(Gram if small else Explicit, f=linear)
    return None if quadratics is None else partial(Explicit, f=quadratics)


class Compiled(Engine):
    """An engine with a kernel.

    Parameters
    ----------
    problem, X, keep : see `Engine`
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str]) -> None:
        from . import batches, jit, kernels

        super().__init__(problem, np.ascontiguousarray(X), keep)
        self.kernels, self.batches, self.stamp = kernels, batches, jit.stamp()
        self.room = np.empty(0)

    def draw(self, law: Law, streams: Streams, size: int) -> Draw:
        if type(law) not in (SingleLaw, ReplacementLaw):
            return drawn(law, streams, size)
        single = law.single if isinstance(law, ReplacementLaw) else law
        assert isinstance(single, SingleLaw)
        cumulative = single._cumulative
        # The first slot of each of many equal parts of [0, 1): the search is a step or two from there.
        edges = np.linspace(0, 1, 2 ** int(np.ceil(np.log2(4 * len(cumulative)))), endpoint=False)
        guide = np.minimum(np.searchsorted(cumulative, edges * cumulative[-1], side="right"), len(cumulative) - 1)
        u = np.empty((len(streams), size * law.width))
        for row, stream in zip(u, streams, strict=True):
            stream.random(out=row)
        indices, weights = np.empty(u.shape, dtype=np.intp), np.empty(u.shape)
        self.kernels.look_up(
            u.ravel(), cumulative, guide, single.possible, law.weight, indices.ravel(), weights.ravel()
        )
        shape = (len(streams), size, law.width)
        return Draw(indices.reshape(shape), weights.reshape(shape))

    def advance(self, piece: Piece) -> dict[str, Array]:
        shape = len(piece.marks), len(self.X), self.width
        if self.room.size < (size := math.prod(shape)):
            self.room = np.empty(size)  # memory that is new costs more than what is written into it
        records = self.room[:size].reshape(shape)
        index, weight = self.all_alike() if piece.draws is None else piece.draws
        draws = (np.ascontiguousarray(index), np.ascontiguousarray(weight / self.problem.n))
        self.move(draws, (piece.gamma, piece.rho, piece.lam, piece.marks), records)
        return self.measure(records)

    def all_alike(self) -> Draw:
        """The draw of every step where nothing is random, of shape (1, 1, m)."""
        return Draw(np.arange(self.problem.n)[None, None], np.ones((1, 1, self.problem.n)))

    @abstractmethod
    def move(self, draws: tuple[Indices, Array], plan: tuple[Array | Indices, ...], records: Array) -> None:
        """Calls the kernel with draws, weights over n, and plan = (gamma, rho, lam, marks)."""

    def measure(self, records: Array) -> dict[str, Array]:
        """What is kept of the records, points if nothing else is said."""
        return measured(self.problem, records, self.keep)


class Explicit(Compiled):
    """Batches of linear models and quadratics: the method as it is written.

    Parameters
    ----------
    f : the objective of the problem
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], f: LinearModel | Quadratics) -> None:
        super().__init__(problem, X, keep)
        self.f = f

    def move(self, draws: tuple[Indices, Array], plan: tuple[Array | Indices, ...], records: Array) -> None:
        f = self.f
        data: tuple[Any, ...]
        if isinstance(f, Quadratics):
            data = (f.centres, np.empty(0), 0, 0.0, f.H)
        else:
            data = (f.A, f.b, self.kernels.PLACE[f.loss], f.reg, np.empty((0, 0, 0)))
        self.batches.explicit(self.stamp, *data, *draws, *plan, self.X, records)


class Gram(Compiled):
    """Small batches of a linear model with a small A A^T.

    Parameters
    ----------
    f : the objective of the problem
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], f: LinearModel) -> None:
        super().__init__(problem, X, keep)
        self.f, self.gram = f, f.A @ f.A.T

    def move(self, draws: tuple[Indices, Array], plan: tuple[Array | Indices, ...], records: Array) -> None:
        f = self.f
        data = (f.A, self.gram, f.b, self.kernels.PLACE[f.loss], f.reg)
        self.batches.gram(self.stamp, *data, *draws, *plan, self.X, records)


class Rotated(Compiled):
    """Full batches, and additive noise, in coordinates where each moves by itself.

    Parameters
    ----------
    rotation : the coordinates
    tilts : gradients of the added linear terms, shape (n, d); None where there are none
    """

    def __init__(
        self, problem: Problem, X: Array, keep: Collection[str], rotation: Rotation, tilts: Array | None
    ) -> None:
        super().__init__(problem, rotation.inside(X), keep)
        self.rotation = rotation
        self.sine = rotation.sine if rotation.sine.any() else np.empty(0)
        self.tilts = np.empty((0, problem.d)) if tilts is None else np.ascontiguousarray(tilts @ rotation.V)

    def all_alike(self) -> Draw:
        self.tilts = self.tilts[:0]  # their mean is 0, exactly
        return Draw(np.zeros((1, 1, 1), dtype=np.intp), np.full((1, 1, 1), float(self.problem.n)))

    def move(self, draws: tuple[Indices, Array], plan: tuple[Array | Indices, ...], records: Array) -> None:
        data = (self.rotation.linear, self.sine, self.tilts)
        self.batches.rotated(self.stamp, *data, *draws, *plan, self.X, records)

    def measure(self, records: Array) -> dict[str, Array]:
        f, found = self.problem.objective, {}
        if "gap" in self.keep:
            found["gap"] = clean(self.rotation.gap(records) + (f.reference - float(self.problem.f_inf)))
        if "grad2" in self.keep:
            found["grad2"] = clean(self.rotation.grad2(records))
        return {**found, "points": self.rotation.outside(records)} if "points" in self.keep else found


#: Numbers in a cache line, and the width whose multiples put all rows of an array into the same places of the cache.
LINE, ALIKE = 8, 512


def padded(width: int) -> int:
    """The width of rows that begin on a cache line each, and not in the same place of the cache."""
    whole = -(-width // LINE) * LINE
    return whole + LINE if whole % ALIKE == 0 else whole


def aligned(rows: Array, width: int) -> Array:
    """The rows, with zeros behind them up to this width, from the beginning of a cache line on."""
    room = np.zeros(len(rows) * width + LINE)
    begin = -(room.ctypes.data // room.itemsize) % LINE
    found = room[begin : begin + len(rows) * width].reshape(len(rows), width)
    found[:, : rows.shape[1]] = rows
    return found


class InSpan(Compiled):
    """Linear models with one index a step: x itself, or A x where that is shorter work (n <= 2d) and A A^T small.

    Carried along for 10^6 steps of a ridge or logistic regression, A x and ||x||^2 drift by some 5e-14 of their size;
    they are computed anew long before that.

    Parameters
    ----------
    f : the objective of the problem
    """

    def __init__(self, problem: Problem, X: Array, keep: Collection[str], f: LinearModel) -> None:
        super().__init__(problem, X, keep)
        self.f, rows = f, len(X)
        self.dual = f.n <= 2 * f.d and f.n**2 <= MOST_GRAM
        self.padded = padded(f.n) if self.dual else f.d
        self.M = aligned(f.A @ f.A.T, self.padded) if self.dual else f.A
        self.S = aligned(np.zeros((rows, f.n)), self.padded) if self.dual else self.X
        self.u = aligned(np.zeros((rows, f.n)), self.padded) if self.dual else np.zeros((rows, 0))
        self.scalars = np.ones((rows, 4))
        self.width = self.S.shape[1] + self.u.shape[1] + 2
        self.since = 0
        self.refresh()

    def refresh(self) -> None:
        """x, A x and ||x||^2 without what rounding has added up."""
        self.since = 0
        if self.dual:
            self.X = self.points(self.scalars[:, 0], self.scalars[:, 1:2] * self.u[:, : self.f.n])
            self.S[:, : self.f.n], self.u[:] = self.X @ self.f.A.T, 0.0
            self.scalars[:, :2] = 1.0
            self.scalars[:, 2:] = np.sum(self.X**2, axis=-1, keepdims=True)

    def points(self, kappa: Array, u: Array) -> Array:
        """x = kappa X + A^T u."""
        return np.asarray(kappa[..., None] * self.X + u @ self.f.A)

    def move(self, draws: tuple[Indices, Array], plan: tuple[Array | Indices, ...], records: Array) -> None:
        f = self.f
        if self.since >= REFRESH * (f.n + f.d):
            self.refresh()
        index, weight = (part[..., 0] for part in draws)
        self.since += index.shape[1]
        data = (f.A, self.M, f.b, f.norms2, self.kernels.PLACE[f.loss], f.reg, self.dual)
        state = (self.X, self.S, self.u, self.scalars)
        self.kernels.span(self.stamp, *data, index, weight, *plan, *state, records)

    def measure(self, records: Array) -> dict[str, Array]:
        if not self.dual:
            return measured(self.problem, records[..., : self.problem.d], self.keep)
        if set(self.keep) != {"gap"}:
            return measured(self.problem, self.points(records[..., -2], self.u_of(records)), self.keep)
        size = max(1, BLOCK // (len(self.X) * self.width))
        gaps = [self.gap(records[k : k + size]) for k in range(0, max(len(records), 1), size)]
        return {"gap": clean(np.concatenate(gaps))}

    def u_of(self, records: Array) -> Array:
        """The part of the records that is u."""
        return records[..., self.padded : self.padded + self.f.n]

    def gap(self, records: Array) -> Array:
        """f(x) - f_inf from A x; for the squared loss without cancellation, as in `LinearModel.gap`."""
        f = self.f
        Ax, u, kappa, x2 = records[..., : f.n], self.u_of(records), records[..., -2], records[..., -1]
        above = f.reference - float(self.problem.f_inf)
        if f.loss is not Squared or f.minimiser is None:
            return np.asarray(f.loss.value(Ax, f.b).mean(axis=-1) + 0.5 * f.reg * x2 - f.reference + above)
        x_star, Ax_star = f.minimiser, f.A @ f.minimiser
        gap = 0.5 * np.mean((Ax - Ax_star) ** 2, axis=-1) + above
        if f.reg:
            away2 = x2 - 2 * (kappa * (self.X @ x_star) + u @ Ax_star) + x_star @ x_star
            if (away2 < CANCELLED * (x_star @ x_star)).any():
                away2 = np.sum((self.points(kappa, u) - x_star) ** 2, axis=-1)
            gap += 0.5 * f.reg * away2
        return np.asarray(gap)
