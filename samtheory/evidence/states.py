"""The points at which a cell is checked: along real trajectories, and where inequalities are likely to be tight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..constants import Array
from ..engine.run import Curves, log_times
from ..problem import Problem

#: At most this many states a cell, of which this many trajectories at this many times.
STATES, TRAJECTORIES, TIMES = 100, 4, 8


@dataclass(frozen=True)
class States:
    """Points with the time at which each was met, and words for where they are.

    Attributes
    ----------
    X : (S, d)
    t : (S,) a time for the schedule
    names : S words
    """

    X: Array
    t: npt.NDArray[np.intp]
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.X)

    def first(self, count: int) -> States:
        """`count` of the states, spread over all of them."""
        if count >= len(self):
            return self
        keep = np.unique(np.linspace(0, len(self) - 1, max(count, 1)).astype(np.intp))
        return States(self.X[keep], self.t[keep], [self.names[k] for k in keep])


def gather(problem: Problem, curves: Curves, entropy: Sequence[int]) -> States:
    """Up to `STATES` states: along the first trajectories, then in directions from the centre at several scales.

    The directions are the coordinate axes, eigenvectors of a finite-difference Hessian at the centre, component
    gradients there, and random ones; the centre is a minimiser where known.  A problem whose constants hold on a region
    only is checked along its trajectories.
    """
    trials = min(TRAJECTORIES, len(curves.points))
    slots = np.unique(log_times(len(curves.t) - 1, TIMES))
    times = curves.t[slots]
    X = curves.points[:trials, slots].reshape(-1, problem.d)
    t = np.tile(times, trials)
    names = [f"trajectory {r}, t={s}" for r in range(trials) for s in times]
    if not problem.region:
        far, labels = probes(problem, np.random.default_rng(entropy), STATES - len(X))
        X = np.vstack([X, far])
        t = np.concatenate([t, np.resize(times, len(far))])
        names += labels
    with np.errstate(over="ignore", invalid="ignore"):
        sound = np.isfinite(problem.suboptimality(X)) & (np.abs(X) < 1e100).all(axis=1)
    return States(X[sound], t[sound], [name for name, good in zip(names, sound, strict=True) if good])


def probes(problem: Problem, rng: np.random.Generator, room: int) -> tuple[Array, list[str]]:
    """At most `room` points around the centre, and words for each."""
    centre = np.zeros(problem.d) if problem.x_star is None else problem.x_star
    size = float(np.linalg.norm(problem.x0 - centre)) or 1.0
    scales = (1.0, 1e-3, 1e-1, 10.0, 1e3)
    directions, labels = probe_directions(problem, centre, rng, max(room // len(scales) - 1, 1))
    points = [centre, np.zeros(problem.d)]
    names = ["centre", "origin"]
    for scale in scales:
        points += list(centre + scale * size * directions)
        names += [f"{label} at distance {scale * size:.3g}" for label in labels]
    return np.array(points[:room]), names[:room]


def probe_directions(
    problem: Problem, centre: Array, rng: np.random.Generator, count: int
) -> tuple[Array, list[str]]:
    """`count` unit vectors of different kinds, and words for each."""
    d, f = problem.d, problem.objective
    share = max(count // 4, 1)
    axes = np.eye(d)[:share]
    h = 1e-4 * (1 + np.abs(centre).max())
    probe = h * (np.eye(d) if d <= 64 else np.linalg.qr(rng.standard_normal((d, 64)))[0].T)
    columns = (f.gradient(centre + probe) - f.gradient(centre - probe)) / (2 * h)
    _, _, vectors = np.linalg.svd(columns, full_matrices=False)
    eigen = np.vstack([vectors[: (share + 1) // 2], vectors[::-1][: share // 2]])
    rows = f.gradients((centre + h)[None])[0]
    lengths = np.linalg.norm(rows, axis=1)
    rows = rows[np.argsort(-lengths, kind="stable")][:share]
    rows = rows[np.linalg.norm(rows, axis=1) > 0]
    kinds = [("axis", axes), ("curvature direction", eigen), ("component gradient", rows)]
    found = sum(len(vectors) for _, vectors in kinds)
    kinds.append(("random direction", rng.standard_normal((max(count - found, 1), d))))
    stacked = np.vstack([vectors for _, vectors in kinds])
    labels = [f"{kind} {k}" for kind, vectors in kinds for k in range(len(vectors))]
    return stacked / np.linalg.norm(stacked, axis=1, keepdims=True), labels
