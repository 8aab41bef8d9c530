"""The squared distance to the set of minimisers, which some theorems bound in the place of f - f*."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from samtheory._typing import Array
from samtheory.errors import NotApplicable

from .problem import Problem
from .quadratic import centre

#: Rounding error of a squared distance, as a fraction of ||x||^2 + ||x*||^2.
RELATIVE = 1e-13


def why_set_unknown(problem: Problem) -> str | None:
    """The reason why distances to the set of minimisers are not known, None where they are."""
    if problem.x_star is None:
        return "no minimiser is known to measure the distance from"
    try:
        _curved_directions(problem)
    except NotApplicable:
        return "x* is not known to be the only minimiser, nor f to be a quadratic"
    return None


def squared_distance(problem: Problem, X: Array) -> Array:
    """Squared distances of the rows of X, shape (R, d), to the set of minimisers, shape (R,).

    They are those to x* alone where the set is not known (`why_set_unknown`), and not a number without an x*.
    """
    if problem.x_star is None:
        return np.full(len(X), np.nan)
    Z = X - problem.x_star
    if why_set_unknown(problem) is None and (U := _curved_directions(problem)) is not None:
        Z = Z @ U
    return np.asarray(np.sum(Z * Z, axis=-1))


def distance_to_set(problem: Problem, X: Array) -> Array:
    """Squared distances of the rows of X, shape (R, d), to the set of minimisers, shape (R,).

    Raises
    ------
    NotApplicable
        If a minimiser is not known, or it is not known to be the only one.
    """
    if reason := why_set_unknown(problem):
        raise NotApplicable(reason)
    return squared_distance(problem, X)


@lru_cache(maxsize=64)
def _curved_directions(problem: Problem) -> Array | None:
    """Orthonormal columns: x* + their complement are the minimisers of a quadratic; None for a unique minimiser.

    Raises
    ------
    NotApplicable
        If neither is known.
    """
    f = problem.objective
    unique = f.strong_convexity() is not None
    return None if unique or "strongly-convex" in problem.properties else centre(f).U


def starts(problem: Problem) -> Mapping[str, float | None]:
    """V(x0), from which a bound begins, for each V that `Theorem.lyapunov` names; None where no minimiser is known.

    A bound that begins from a distance increases with it, so that any one minimiser serves where the set is not known.
    """
    away = None if problem.x_star is None else float(squared_distance(problem, problem.x0[None])[0])
    return {"gap": problem.delta0, "distance2": away}


def rounding(problem: Problem, X: Array) -> Array:
    """A bound on the rounding error of a squared distance, shape (R,)."""
    assert problem.x_star is not None
    return np.asarray(RELATIVE * (np.sum(X * X, axis=-1) + problem.x_star @ problem.x_star))
