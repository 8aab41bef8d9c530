"""Rounding errors of what is compared with a bound, from the size of the terms that it consists of."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.problem.evaluation import context_of, in_blocks
from samtheory.problem.problem import Problem


def of_gap(problem: Problem, X: Array) -> Array:
    """Bounds on the rounding errors of f - f_inf at points of shape (..., d)."""
    rows = X.reshape(-1, problem.d)
    off = in_blocks(context_of(problem).value_rounding, rows, problem.n)
    return _shaped(problem.suboptimality_rounding(rows) + off, X)


def of_grad2(problem: Problem, X: Array, grad2: Array) -> Array:
    """Bounds on the rounding errors of ||grad f||^2, of shape (...), at points of shape (..., d)."""
    rows, context = X.reshape(-1, problem.d), context_of(problem)
    off = _shaped(in_blocks(lambda Y: context.gradient_rounding(Y).mean(axis=1), rows, problem.n), X)
    return np.asarray(off * (2 * np.sqrt(np.abs(grad2)) + off))


def _shaped(found: Array, X: Array) -> Array:
    return np.asarray(np.nan_to_num(found, nan=np.inf).reshape(X.shape[:-1]))
