"""Rounding errors of what is compared with a bound, from the size of the terms that it consists of."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.problem import distance
from samtheory.problem.evaluation import context_of, in_blocks
from samtheory.problem.problem import Problem
from samtheory.theorems.plan import Plan


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


def of_bound(problem: Problem, plan: Plan, t: Indices, start: float) -> Array:
    """Rounding errors of the bound at times t that come from that of its start: f(x0) - f_inf, or ||x0 - x*||^2."""
    off = of_gap if plan.theorem.lyapunov == "gap" else distance.rounding
    later = plan.bound(t, start + float(off(problem, problem.x0[None])[0]))
    return np.asarray(np.maximum(later - plan.bound(t, start), 0.0))


def _shaped(found: Array, X: Array) -> Array:
    return np.asarray(np.nan_to_num(found, nan=np.inf).reshape(X.shape[:-1]))
