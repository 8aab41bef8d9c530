"""Whether the Lipschitz ratio of grad f grows with the radius, as for factorisations and networks: no L holds then."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.objectives.lengths import length
from samtheory.problem.evaluation import curvature
from samtheory.problem.problem import Problem

#: Radii around the start in units of the size, rays, and the growth asked for at each of the last steps to the next.
RADII, RAYS, GROWTH, STEPS = (1.0, 10.0, 1e2, 1e3, 1e4), 6, 5.0, 3


def growth(problem: Problem, size: float) -> str | None:
    """What is seen where the ratio goes on growing, in words; None where it does not, or where claims have a region.

    Parameters
    ----------
    size : a typical distance from the start
    """
    if problem.region or problem.outside:
        return None
    radii = np.array([size * radius for radius in RADII])
    ratios = np.array([_ratio(problem, radius) for radius in radii])
    known = ratios[: int(np.argmin(np.append(np.isfinite(ratios), False)))]
    last = known[-STEPS - 1 :]
    if len(last) < STEPS or last[0] <= 0 or not (last[1:] > GROWTH * last[:-1]).all():
        return None
    seen = ", ".join(f"{ratio:.2g} at {radius:.2g}" for ratio, radius in zip(ratios[:3], radii, strict=False))
    return f"||grad f(x) - grad f(y)|| / ||x - y|| grows with the distance from x0: {seen}"


#: What to do about it.
ADVICE = "no L holds everywhere: give region= with constants that hold where the runs go, or outside="


def _ratio(problem: Problem, radius: float) -> float:
    """The largest ratio close to some points at this distance from the start; not a number where it overflows."""
    rng, d = np.random.default_rng(0), problem.d
    U: Array = rng.standard_normal((RAYS, d))
    X = problem.x0 + radius * U / length(U)[:, None]
    V = np.concatenate([U, rng.standard_normal((RAYS, d))])
    with np.errstate(all="ignore"):
        bent = length(curvature(problem.objective.gradient, np.concatenate([X, X]), V, radius)) / length(V)
    return float(bent.max())
