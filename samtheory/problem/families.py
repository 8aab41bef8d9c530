"""Families of functions that are asked for their gradients row by row: f itself, the f_i, the f_v of a sampling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.objectives.lengths import length
from samtheory.sampling.law import Outcomes

from .evaluation import BLOCK, SHORT, EvaluationContext, cost

Which = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Family:
    """Functions with their gradients.

    Attributes
    ----------
    count : number of members
    gradient : (X of shape (R, d), member of each row (R,)) -> (R, d)
    smoothness : (count,) the smoothness of each that the claimed L_i give
    gradient_size : (count,) the size of each gradient at ordinary points
    relative : the relative rounding error of a gradient's terms
    size : a typical distance between points of interest
    cost : multiplications that one gradient takes
    label : member -> its name in a witness
    """

    count: int
    gradient: Callable[[Array, Which], Array]
    smoothness: Array
    gradient_size: Array
    relative: float
    size: float
    cost: int
    label: Callable[[int], dict[str, Any]]

    def rounding(self, X: Array, which: Which) -> Array:
        """A bound on the rounding error of the gradients, shape (R,)."""
        terms = self.smoothness[which] * length(X) + self.gradient_size[which]
        return np.asarray(self.relative * terms + SHORT)


def whole(context: EvaluationContext, copies: int = 1) -> Family:
    """f, once or several times."""
    problem, size = context.problem, context.gradient_size.mean()
    return Family(
        copies,
        lambda X, _: problem.objective.gradient(X),
        np.full(copies, problem.L_i.values.mean()),
        np.full(copies, size),
        context.relative,
        context.size,
        cost(problem),
        lambda _: {},
    )


def components(context: EvaluationContext) -> Family:
    """The f_i."""
    f, problem = context.problem.objective, context.problem
    return Family(
        problem.n,
        lambda X, which: _rows(lambda rows: f.gradients(X[rows], which[rows, None])[:, 0], len(X), problem.d),
        problem.L_i.values,
        context.gradient_size,
        context.relative,
        context.size,
        cost(problem) // problem.n,
        lambda i: {"component": i},
    )


def sampled(context: EvaluationContext, outcomes: Outcomes) -> Family:
    """The f_v, one for each outcome."""
    f, problem = context.problem.objective, context.problem
    (indices, weights), _ = outcomes
    width = indices.shape[1] * problem.d

    def gradient(X: Array, which: Which) -> Array:
        return _rows(
            lambda rows: f.stochastic_gradient(X[rows], indices[which[rows]], weights[which[rows]]), len(X), width
        )

    def mixed(values: Array) -> Array:
        return np.asarray((weights * values[indices]).sum(axis=1) / problem.n)

    def label(k: int) -> dict[str, Any]:
        used = weights[k] != 0
        return {"outcome": {"indices": indices[k][used].tolist(), "weights": weights[k][used].tolist()}}

    return Family(
        len(indices),
        gradient,
        mixed(problem.L_i.values),
        mixed(context.gradient_size),
        context.relative,
        context.size,
        indices.shape[1] * cost(problem) // problem.n,
        label,
    )


def _rows(evaluate: Callable[[slice], Array], count: int, width: int) -> Array:
    """evaluate over slices of `count` rows, of which each needs `width` numbers."""
    step = max(1, BLOCK // max(width, 1))
    return np.concatenate([evaluate(slice(k, k + step)) for k in range(0, count, step)])
