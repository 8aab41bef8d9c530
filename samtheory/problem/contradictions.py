"""Constants of a problem that its own values contradict, without a search."""

from __future__ import annotations

import numpy as np

from samtheory.errors import InputError
from samtheory.objectives.lengths import length

from .evaluation import EPS, context_of
from .problem import Problem


def consistent(problem: Problem) -> Problem:
    """The problem; InputError where f or some f_i is below its lower bound, or not finite, at x0 or x*.

    Raises
    ------
    InputError
        If f_inf is above f(x0) or f(x*), f_i_inf is above f_i there, or f is not finite there.
    """
    for name, x in (("x0", problem.x0), ("x_star", problem.x_star)):
        if x is not None:
            with np.errstate(all="ignore"):
                _at(problem, name, x)
    return problem


def _at(problem: Problem, name: str, x: np.ndarray) -> None:
    X = x[None]
    value, gap = float(problem.objective.value(X)[0]), float(problem.suboptimality(X)[0])
    if not np.isfinite([value, gap]).all():
        raise InputError(f"{name}: f({name}) - f_inf = {gap:g}: must be finite")
    context = context_of(problem)
    off = float(problem.suboptimality_rounding(X)[0] + context.value_rounding(X)[0])
    if gap < -off:
        raise InputError(f"f_inf={float(problem.f_inf):g}: must be at most f({name})={value:g}")
    if problem.f_i_inf is None:
        return
    values, least = problem.objective.values(X)[0], problem.f_i_inf.values
    rounding = length(X) * context.gradient_rounding(X)[0] + 64 * EPS * (np.abs(values) + np.abs(least))
    above = least - values - rounding
    if (above > 0).any():
        i = int(np.argmax(above))
        raise InputError(f"f_i_inf[{i}]={least[i]:g}: must be at most f_{i}({name})={values[i]:g}")
