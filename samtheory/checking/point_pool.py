"""Candidate points of the searches: around minimisers, along curvature and gradients, at scales 1e-6 to 1e6."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.execution.time_limit import in_time, share
from samtheory.objectives.lengths import length
from samtheory.problem.evaluation import DIFFERENCE, EPS, cost
from samtheory.problem.problem import Problem

from .grid import basins
from .lines import dips

#: Distances from a centre, in units of ||x0 - centre||.
SCALES = (1.0, 1e-3, 10.0, 1e3, 1e-1, 1e-6, 1e6)
#: Distances along isolating directions, and the number of these lines at level 1.
LINES, LINE = 24, np.concatenate([-np.geomspace(1e-2, 4, 24), np.geomspace(1e-2, 4, 24)])
#: Other points of the pool at level 1, and the multiplications that all of them may take.
POINTS, WORK = 400, 4_000_000
#: Hessians are computed in full up to this dimension.
FULL = 128
#: Iterations of a descent, and steps of Newton's method after it.
DESCENT, NEWTON = 300, 5


@dataclass(frozen=True)
class CandidatePoints:
    """The points at which every claim is evaluated.

    Attributes
    ----------
    X : (P, d), the centres first
    band : (P,) which of `SCALES` a point is at, one more for points of lines, -1 for centres
    unit : (P, 1) the length scale of an ascent from there
    centres : number of centres: the lowest point found, x_star, x0, the origin
    size : a typical distance between x0 and the lowest point, or 1
    evaluations : evaluations of f and its gradient that the descents to the centres took
    """

    X: Array
    band: npt.NDArray[np.intp]
    unit: Array
    centres: int
    size: float
    evaluations: int

    @property
    def lowest(self) -> Array:
        """The lowest point found, (d,)."""
        return np.asarray(self.X[0])

    def starts(self, merits: Array, count: int) -> list[int]:
        """The `count` worst points, of different scales first."""
        order = np.argsort(-merits, kind="stable")
        order = order[np.isfinite(merits[order]) & (merits[order] > 0)]
        _, first = np.unique(self.band[order], return_index=True)
        rest = np.setdiff1d(np.arange(len(order)), first)
        return [int(k) for k in np.concatenate([order[np.sort(first)], order[rest]])[:count]]


def candidate_points(problem: Problem, level: int, rng: np.random.Generator) -> CandidatePoints:
    """The candidate points; those of gradient descent alone where the constants hold on a region only."""
    if problem.region:
        return along_descent(problem, level)
    d = problem.d
    anchors = [problem.x0, np.zeros(d)] + ([] if problem.x_star is None else [problem.x_star])
    reach = max(1.0, *(float(length(anchor)) for anchor in anchors))
    none = np.zeros((0, d))
    starts = [
        *anchors,
        *in_time(0.1, partial(scattered, problem, reach, level, rng), none),
        *in_time(0.05, partial(basins, problem, problem.x0, reach, level), none),
        *in_time(0.1, partial(dips, problem, problem.x0, reach, level, rng), none),
    ]
    low, evaluations = descents(problem, starts, reach)
    centres = unique(np.array([low, *anchors[::-1]]))
    size = in_time(0.3, partial(typical, problem, low), float(length(low - problem.x0)) or 1.0)
    room = WORK * level // cost(problem)
    most = int(np.clip(room, 32, POINTS * level))
    per_scale = max((most - len(centres)) // len(SCALES), 2)
    X, band = [centres], [np.full(len(centres), -1)]
    around = np.concatenate([np.repeat(centres[:1], 3, axis=0), centres[1:]])
    vectors = in_time(0.3, partial(eigenvectors, problem, low, size), none)
    for k, scale in enumerate(SCALES):
        U = directions(problem, low, size, vectors, per_scale, rng)
        X.append(np.resize(around, U.shape) + scale * size * U)
        band.append(np.full(len(U), k))
    U = isolating_directions(problem, low, size, vectors, int(np.clip(room // len(LINE), 2, LINES * level)), rng)
    X.append((low + size * LINE[:, None, None] * U).reshape(-1, d))
    band.append(np.full(len(X[-1]), len(SCALES)))
    stacked, bands = np.concatenate(X), np.concatenate(band)
    unit = size * np.array([*SCALES, 1.0, 1.0])[bands][:, None]
    return CandidatePoints(stacked, bands, unit, len(centres), size, evaluations)


def typical(problem: Problem, low: Array) -> float:
    """The distance from x0 towards `low` at which f has fallen by nine tenths."""
    t = np.concatenate([np.geomspace(1e-9, 1, 60), [1.0]])[:, None]
    with np.errstate(all="ignore"):
        gap = np.nan_to_num(problem.objective.gap(problem.x0 + t * (low - problem.x0)), nan=np.inf)
        start = problem.objective.gap(problem.x0[None])[0]
    enough = t[np.argmax(gap - gap[-1] <= 0.1 * (start - gap[-1])), 0]
    return float(enough * length(low - problem.x0)) or 1.0


def scattered(problem: Problem, reach: float, level: int, rng: np.random.Generator) -> Array:
    """The lowest three (a level) of random points around x0 at all scales."""
    scales = np.tile(SCALES, 8 * level)[:, None]
    X = problem.x0 + reach * scales * rng.standard_normal((len(scales), problem.d))
    X = X[: max(WORK // cost(problem), len(SCALES))]
    with np.errstate(all="ignore"):
        gap = np.nan_to_num(problem.objective.gap(X), nan=np.inf)
    return np.asarray(X[np.argsort(gap, kind="stable")[: 3 * level]])


def along_descent(problem: Problem, level: int) -> CandidatePoints:
    """The points of gradient descent with step 1/L from x0."""
    x, points = problem.x0, []
    with share(0.3):
        for _ in range(100 * max(level, 1)):
            points.append(x)
            x = x - problem.objective.gradient(x[None])[0] / problem.L
    X = np.array(points[::-1])
    size = float(length(X[0] - problem.x0)) or 1.0
    return CandidatePoints(X, np.full(len(X), -1), np.full((len(X), 1), size), len(X), size, len(X))


def unique(X: Array) -> Array:
    """The rows of X without repetition, in their order."""
    _, first = np.unique(X, axis=0, return_index=True)
    return np.asarray(X[np.sort(first)])


def descents(problem: Problem, starts: list[Array], reach: float) -> tuple[Array, int]:
    """The lowest point that descents from `starts` reach, and the evaluations they took."""
    from scipy.optimize import minimize  # slow to import

    f, lowest, low, count = problem.objective, np.inf, starts[0], 0
    scale = in_time(0.1, lambda: max(float(np.abs(f.gap(problem.x0[None])[0])), np.finfo(float).tiny), 1.0)

    def scaled(p: Array) -> tuple[float, Array]:
        nonlocal lowest, low, count
        x, count = (reach * p)[None], count + 1
        with np.errstate(all="ignore"):
            value, slope = f.gap(x)[0] / scale, f.gradient(x)[0] * (reach / scale)
        finite = np.isfinite(value) and np.isfinite(slope).all()
        if finite and value < lowest:
            lowest, low = float(value), x[0]
        return (float(value), slope) if finite else (1e100, np.zeros(len(p)))

    options = {"maxiter": DESCENT, "maxfun": 2 * DESCENT, "ftol": EPS, "gtol": 0.0}
    for start in starts:
        with np.errstate(all="ignore"), share(0.3):
            minimize(scaled, start / reach, jac=True, method="L-BFGS-B", options=options)
    return in_time(0.2, partial(polished, problem, low, reach), low), count


def polished(problem: Problem, x: Array, size: float) -> Array:
    """Newton's method from x as long as ||grad f|| falls and f does not rise."""
    f = problem.objective
    if problem.d > FULL:
        return x
    for _ in range(NEWTON):
        g = f.gradient(x[None])[0]
        with np.errstate(all="ignore"):
            H = hessian(problem, x, size)
            if not np.isfinite(H).all():
                return x
            y = x - np.linalg.lstsq(H, g, rcond=1e-8)[0]
            falls = length(f.gradient(y[None])[0]) < length(g)
            rises = f.gap(y[None])[0] > f.gap(x[None])[0] + f.gap_rounding(x[None])[0]
        if not falls or rises:
            return x
        x = y
    return x


def hessian(problem: Problem, x: Array, size: float) -> Array:
    """The Hessian of f at x by central differences of gradients, (d, d), symmetric."""
    h = DIFFERENCE * (size + float(length(x)))
    step = h * np.eye(problem.d)
    H = (problem.objective.gradient(x + step) - problem.objective.gradient(x - step)) / (2 * h)
    return np.asarray((H + H.T) / 2)


def eigenvectors(problem: Problem, x: Array, size: float) -> Array:
    """Those of the Hessian of f at x, the flattest first, as rows; none where the dimension is large."""
    if problem.d <= FULL:
        with np.errstate(all="ignore"):
            H = hessian(problem, x, size)
        if np.isfinite(H).all():
            return np.asarray(np.linalg.eigh(H)[1].T)
    return np.zeros((0, problem.d))


def isolating_directions(
    problem: Problem, centre: Array, size: float, vectors: Array, count: int, rng: np.random.Generator
) -> Array:
    """Up to `count` unit vectors that change one component gradient and leave the others unchanged to first order.

    A sum is often worst where one of its terms is.  Curvature directions, the flattest first, and columns of the
    pseudo-inverse of the component gradients.
    """
    d = problem.d
    kinds = [vectors[: (count + 1) // 2]]
    with np.errstate(all="ignore"):
        near = centre + 1e-2 * size * rng.standard_normal(d)
        rows = in_time(0.05, partial(problem.objective.gradients, near[None]), np.zeros((1, 0, d)))[0]
    lengths = length(rows)
    rows = rows[np.isfinite(lengths) & (lengths > 0)]
    rows = rows[rng.permutation(len(rows))[: max(count, d)]]
    if len(rows):
        kinds.append(np.linalg.pinv(rows / length(rows)[:, None]).T)
    U = np.concatenate(kinds)[:count]
    return np.asarray(U / length(U)[:, None])


def directions(
    problem: Problem, centre: Array, size: float, vectors: Array, count: int, rng: np.random.Generator
) -> Array:
    """About `count` unit vectors in pairs +u, -u: curvature directions, component gradients, axes, random ones."""
    d, half = problem.d, max(count // 2, 1)
    share = max(half // 4, 1)
    extremes = np.argsort(np.abs(np.arange(len(vectors)) - (len(vectors) - 1) / 2), kind="stable")[::-1]
    kinds = [vectors[extremes[: max(share, 2)]]]
    with np.errstate(all="ignore"):
        near = centre + 1e-2 * size * rng.standard_normal(d)
        rows = in_time(0.05, partial(problem.objective.gradients, near[None]), np.zeros((1, 0, d)))[0]
    lengths = length(rows)
    usable = np.flatnonzero(np.isfinite(lengths) & (lengths > 0))
    order = usable[np.argsort(-lengths[usable], kind="stable")]
    kinds.append(rows[np.concatenate([order[: (share + 1) // 2], rng.permutation(order)[: share // 2]])])
    kinds.append(np.eye(d)[rng.permutation(d)[:share]])
    rest = half - sum(len(kind) for kind in kinds)
    kinds.append(rng.standard_normal((max(rest, 1), d)))
    U = np.concatenate(kinds)[: max(half, 2)]
    U /= length(U)[:, None]
    return np.concatenate([U, -U])
