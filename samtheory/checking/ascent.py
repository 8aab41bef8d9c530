"""The search for the worst point of an inequality: random walks and local ascent, and the confirmation of a find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from samtheory._typing import Array
from samtheory.execution.time_limit import in_time, rows_in_time, share
from samtheory.problem.evaluation import EPS

from .inequality import Inequality

#: A witness must also be one at this many copies moved by a few units in the last place.
COPIES = 8
#: Iterations of an ascent, and of a random walk.
ASCENT, WALK = 40, 40


@dataclass(frozen=True)
class Found:
    """The worst point that a search evaluated.

    Attributes
    ----------
    z : the point, None where none was evaluated
    merit : its `Inequality.merit`
    falsified : whether the inequality fails there, confirmed
    evaluations : points evaluated
    """

    z: Array | None
    merit: float
    falsified: bool
    evaluations: int


def search_worst(
    inequality: Inequality,
    Z: Array,
    units: Array,
    starts: Iterable[int] = (),
    merits: Array | None = None,
    walkers: int = 0,
) -> Found:
    """The worst of the points Z, of random walks from them, and of ascents from those numbered `starts`.

    Parameters
    ----------
    Z : (R, ...)
    units : a length scale of ascents and walks, broadcastable to the shape of Z
    merits : `inequality.merit(Z)` where it is known already, of as many first points as there was time for
    walkers : the number of random walks, from the worst points
    """
    if len(Z) == 0:
        return Found(None, -np.inf, False, 0)
    merits = rows_in_time(inequality.merit, Z) if merits is None else merits
    Z = Z[: len(merits)]
    best = int(np.argmax(merits))
    z, merit, count = Z[best], float(merits[best]), len(Z)
    limit = 0 if inequality.signed else 1
    if merit > limit and confirmed(inequality, z):
        return Found(z, merit, True, count)
    units = np.broadcast_to(units[: len(Z)], Z.shape)
    if walkers:
        walk = partial(random_walk, inequality, Z, units, merits, walkers)
        reached, value, steps = in_time(0.3, walk, (z, merit, 0))
        count += steps
        if value > merit:
            z, merit = reached, value
    with share(0.6):
        for start in starts:
            reached, value, steps = local_ascent(inequality, Z[start], units[start])
            count += steps
            if value > merit:
                z, merit = reached, value
    falsified = confirmed(inequality, z)
    if not falsified:
        # The worst point may be a rounding artefact: try the next ones.
        for k in np.flatnonzero(merits > limit)[:COPIES]:
            if confirmed(inequality, Z[k]):
                return Found(Z[k], float(merits[k]), True, count)
    return Found(z, merit, falsified, count)


def random_walk(
    inequality: Inequality, Z: Array, units: Array, merits: Array, walkers: int
) -> tuple[Array, float, int]:
    """Random walks uphill from the worst points, all at once: the best point, its merit, the points evaluated."""
    worst = np.argsort(-merits, kind="stable")[:walkers]
    Z, merits, rng = Z[worst], merits[worst], np.random.default_rng(0)
    shape = (-1,) + (1,) * (Z.ndim - 1)
    stride = np.ones(len(Z))
    for _ in range(WALK):
        tried = Z + units[worst] * stride.reshape(shape) * rng.standard_normal(Z.shape)
        values = inequality.merit(tried)
        better = values > merits
        Z, merits = np.where(better.reshape(shape), tried, Z), np.where(better, values, merits)
        stride *= np.where(better, 1.5, 0.85)
    best = int(np.argmax(merits))
    return Z[best], float(merits[best]), WALK * len(Z)


def local_ascent(inequality: Inequality, z: Array, unit: Array, steps: int = ASCENT) -> tuple[Array, float, int]:
    """L-BFGS ascent of the logarithm of the merit: the best point, its merit, the points evaluated."""
    from scipy.optimize import minimize  # slow to import

    seen = [(float(inequality.merit(z[None])[0]), z)]

    def loss(p: Array) -> tuple[float, Array]:
        there = z + unit * p.reshape(z.shape)
        merit, slope = inequality.ascent(there)
        if not (np.isfinite(merit) and merit > 0):
            return 700.0, np.zeros(p.size)
        seen.append((merit, there))
        return -float(np.log(merit)), -np.nan_to_num(slope * unit, posinf=0.0, neginf=0.0).ravel()

    with np.errstate(all="ignore"), share(0.3):
        minimize(loss, np.zeros(z.size), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxfun": 2 * steps})
    merit, best = max(seen, key=lambda point: point[0])
    return best, merit, len(seen)


def confirmed(inequality: Inequality, z: Array) -> bool:
    """Whether the inequality fails at z, at close copies, and in extended precision where the functions take it."""
    copies = z * (1 + 4 * EPS * np.random.default_rng(0).standard_normal((COPIES, *z.shape)))
    if not (inequality.broken(z[None]).all() and inequality.broken(copies).all()):
        return False
    try:
        left, right, _ = inequality.sides(z[None].astype(np.longdouble))
    except Exception:  # noqa: BLE001 - a user's functions may not take extended precision, then float64 must do
        return True
    return not bool((left <= right)[0])
