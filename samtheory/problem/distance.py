"""The distance to the minimisers, which some theorems bound in the place of f - f*."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable
from samtheory.objectives.linear import LinearModel

from .problem import Problem
from .quadratic import centre

#: The rounding error of a squared distance, as a fraction of ||x||^2 + ||x*||^2.
RELATIVE = 1e-13


def from_minimisers(problem: Problem, X: Array) -> Array:
    """The squared distance of each row of X, shape (R, d), from the set of minimisers.

    Raises
    ------
    NotApplicable
        If a minimiser is not known, or it is not known to be the only one.
    """
    if problem.x_star is None:
        raise NotApplicable("no minimiser is known to measure the distance from")
    Z = X - problem.x_star
    f = problem.objective
    alone = isinstance(f, LinearModel) and f.loss.convex and f.reg > 0
    if not (alone or "strongly-convex" in problem.properties):
        # The minimisers of a quadratic are x* + the directions in which no f_i is curved.
        Z = Z @ centre(f).U
    return np.asarray(np.sum(Z * Z, axis=-1))


def start_distance(problem: Problem) -> float | None:
    """The squared distance of x0 from the set of minimisers, None where it is not known."""
    try:
        return float(from_minimisers(problem, problem.x0[None])[0])
    except NotApplicable:
        return None


def rounding(problem: Problem, X: Array) -> Array:
    """A bound on the rounding error of a squared distance from x*, shape (R,)."""
    assert problem.x_star is not None
    return np.asarray(RELATIVE * (np.sum(X * X, axis=-1) + problem.x_star @ problem.x_star))
