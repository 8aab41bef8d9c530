"""The states of a cell: points of trajectories, and points around the centre, where inequalities may be tight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.engine.run import Curves, log_times
from samtheory.errors import InputError
from samtheory.problem.at_points import AtPoints
from samtheory.problem.evaluation import context_of, cost
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law

#: At most this many states a cell, of which this many trajectories at this many times.
STATES, TRAJECTORIES, TIMES = 100, 4, 8
#: The numbers in all states of a cell, the multiplications that the gradients at all of them take unless the states
#: were fewer than `FEWEST`, and the numbers in the points from which curvature directions are found.
NUMBERS, WORK, FEWEST, PROBED = 20_000_000, 500_000_000, 16, 10_000_000
#: Coordinates from here on are too large; what a state has to be.
FAR, SOUND = 1e100, "within 1e100 of 0 with a finite f"


class Points:
    """Points with words for their location; their quantities are computed once.

    Parameters
    ----------
    problem, law : the finite sum and its sampling
    X : (S, d)
    names : S words
    """

    def __init__(self, problem: Problem, law: Law, X: Array, names: Sequence[str]) -> None:
        self.problem, self.law, self.X, self.names = problem, law, X, names
        self.at = AtPoints(context_of(problem), law, X)

    def __len__(self) -> int:
        return len(self.X)

    def some(self, count: int) -> list[int]:
        """The indices of `count` of the points, spread over all of them."""
        return spread(len(self), count)


class States(Points):
    """Points with the time at which each was met, shape (S,), for a schedule.

    Parameters
    ----------
    parts : the sets of points that these are put together from, in this order
    """

    def __init__(
        self, problem: Problem, law: Law, X: Array, names: Sequence[str], t: npt.NDArray[np.intp],
        parts: Sequence[Points] = (),
    ) -> None:  # fmt: skip
        super().__init__(problem, law, X, names)
        self.t, self.parts = t, parts or (self,)
        self._first: dict[int, States] = {}

    @cached_property
    def gap(self) -> Array:
        """f(x) - f_inf, shape (S,)."""
        return np.concatenate([part.at.gap.value for part in self.parts])

    @cached_property
    def rounding(self) -> Array:
        """A bound on the rounding error of `gap`, shape (S,)."""
        return np.concatenate([part.at.gap_rounding for part in self.parts])

    @cached_property
    def grad2(self) -> Array:
        """||grad f(x)||^2, shape (S,)."""
        return np.concatenate([np.sum(part.at.gradient**2, axis=-1) for part in self.parts])

    @property
    def met(self) -> Points:
        """Those that runs have met."""
        return self.parts[0]

    @property
    def around(self) -> Points | None:
        """Those around the centre, None where the constants hold on a region only."""
        return self.parts[1] if len(self.parts) > 1 else None

    def over_time(self, of: Callable[[int], Sequence[float]]) -> list[Array]:
        """The numbers of(t) at every state's own t, each of shape (S,)."""
        times, inverse = np.unique(self.t, return_inverse=True)
        return [np.array(column)[inverse] for column in zip(*map(of, times.tolist()), strict=True)]

    def first(self, count: int) -> States:
        """`count` of the states, spread over all of them: the same ones each time."""
        if count >= len(self):
            return self
        if count not in self._first:
            keep = self.some(count)
            self._first[count] = States(
                self.problem, self.law, self.X[keep], [self.names[k] for k in keep], self.t[keep]
            )
        return self._first[count]


def spread(size: int, count: int) -> list[int]:
    """`count` indices below `size` (all, if fewer), spread evenly, the first and the last included."""
    return sorted({round(place) for place in np.linspace(0, size - 1, min(max(count, 1), size)).tolist()})


def gather(problem: Problem, law: Law, curves: Curves, entropy: Sequence[int]) -> States:
    """Up to `STATES` states: along the first trajectories, then in directions from the centre at several scales.

    The directions are the coordinate axes, eigenvectors of a finite-difference Hessian at the centre, component
    gradients there, and random ones; the centre is a minimiser where known.  A problem whose constants hold on a region
    only is checked along its trajectories.
    """
    room = int(np.clip(min(NUMBERS // problem.d, max(WORK // cost(problem), FEWEST)), 4, STATES))
    slots = np.unique(log_times(len(curves.t) - 1, min(TIMES, room // 2)))
    trials = min(TRAJECTORIES, len(curves.points), max(room // (2 * len(slots)), 1))
    times = curves.t[slots]
    X = curves.points[:trials, slots].reshape(-1, problem.d)
    along = sound(problem, X)
    if not len(along):
        raise InputError(f"x0: no state of the runs is {SOUND}: scale the problem")
    names = [f"trajectory {r}, t={s}" for r in range(trials) for s in times]
    met = Points(problem, law, X[along], [names[k] for k in along])
    t = np.tile(times, trials)[along]
    if problem.region:
        return States(problem, law, met.X, met.names, t)
    around = probes(problem, law, tuple(entropy), max(room - len(X), 2))
    t = np.concatenate([t, np.resize(times, len(around))])
    X, names = np.vstack([met.X, around.X]), [*met.names, *around.names]
    return States(problem, law, X, names, t, (met, around))


def sound(problem: Problem, X: Array) -> npt.NDArray[np.intp]:
    """The indices of the points at which f and x are finite and squares do not overflow: `SOUND`."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.flatnonzero(np.isfinite(problem.suboptimality(X)) & (np.abs(X) < FAR).all(axis=1))


@lru_cache(maxsize=16)
def probes(problem: Problem, law: Law, entropy: tuple[int, ...], room: int) -> Points:
    """At most `room` points around the centre, shared by all theorems on one problem."""
    rng = np.random.default_rng(entropy)
    centre = np.zeros(problem.d) if problem.x_star is None else problem.x_star
    size = float(np.linalg.norm(problem.x0 - centre)) or 1.0
    scales = (1.0, 1e-3, 1e-1, 10.0, 1e3)
    directions, labels = probe_directions(problem, centre, rng, max(room // len(scales) - 1, 1))
    points = [centre, np.zeros(problem.d)]
    names = ["centre", "origin"]
    for scale in scales:
        points += list(centre + scale * size * directions)
        names += [f"{label} at distance {scale * size:.3g}" for label in labels]
    X = np.array(points[:room])
    keep = sound(problem, X)
    return Points(problem, law, X[keep], [names[k] for k in keep])


def probe_directions(problem: Problem, centre: Array, rng: np.random.Generator, count: int) -> tuple[Array, list[str]]:
    """About `count` unit vectors of different kinds, and words for each."""
    d, f = problem.d, problem.objective
    share = max(count // 4, 1)
    axes = np.eye(min(share, d), d)
    h = 1e-4 * (float(np.linalg.norm(problem.x0 - centre)) + float(np.abs(centre).max()) or 1.0)
    few = int(np.clip(PROBED // d, 4, 64))
    probe = h * (np.eye(d) if d <= 64 else np.linalg.qr(rng.standard_normal((d, few)))[0].T)
    columns = (f.gradient(centre + probe) - f.gradient(centre - probe)) / (2 * h)
    _, _, vectors = np.linalg.svd(columns, full_matrices=False)
    eigen = np.vstack([vectors[: (share + 1) // 2], vectors[::-1][: share // 2]])
    near = (centre + h)[None]
    longest = np.argsort(-f.gradient_norms(near)[0], kind="stable")[:share]
    rows = f.gradients(near, longest[None])[0]
    rows = rows[np.linalg.norm(rows, axis=1) > 0]
    kinds = [("axis", axes), ("curvature direction", eigen), ("component gradient", rows)]
    found = sum(len(vectors) for _, vectors in kinds)
    kinds.append(("random direction", rng.standard_normal((max(count - found, 1), d))))
    stacked = np.vstack([vectors for _, vectors in kinds])
    labels = [f"{kind} {k}" for kind, vectors in kinds for k in range(len(vectors))]
    return stacked / np.linalg.norm(stacked, axis=1, keepdims=True), labels
