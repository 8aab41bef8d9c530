"""Do the promises hold?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtheory.catalogue import changed_params, theorem_name
from samtheory.io.curves import curves_like
from samtheory.io.user_files import user_file_errors
from samtheory.methods import Method
from samtheory.request import ALPHA, STEPS, TRIALS, Request
from samtheory.schedules import Rule
from samtheory.verification.cell import Cell
from samtheory.verification.judge import Verdict, judge_curves, judged, task

from .arguments import (
    ProblemLike,
    SamplingLike,
    TheoremLike,
    as_problem,
    as_reading,
    as_sampling,
    as_theorem,
    method_name,
)


def verify(
    problem: ProblemLike,
    sampling: SamplingLike | None = None,
    theorem: TheoremLike | None = None,
    lam: Rule | None = None,
    *,
    rho: Rule | None = None,
    rho_fraction: float | None = None,
    gamma: Rule | None = None,
    allow_outside: bool = False,
    seed: int = 0,
    trials: int | str = TRIALS,
    steps: int = STEPS,
    alpha: float = ALPHA,
    method: str | Path | Method | None = None,
    curves: str | Path | tuple[Any, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    data: Any = None,
) -> Verdict:
    """Check one theorem on one problem under one sampling: its assumptions, its one-step inequality and its bound.

    Parameters
    ----------
    problem : name, path ending in .py, or `Problem`
    sampling : text such as "nice:3", or a sampling; by default uniform, or the full batch of a single component
    theorem : key, path ending in .py, or `Theorem`
    lam : a number in [0, 1] (0 is USAM, 1 is SAM), "1/t", "1-1/t", or a callable of t; by default that of the method's
        class, else 0.5
    rho, rho_fraction, gamma : ascent radius, ascent radius as a fraction of the largest admissible one, step size; by
        default the theorem's own
    allow_outside : use steps also where the theorem does not admit them
    seed, trials, steps : of the Monte-Carlo evidence; trials "auto" adds runs until a decision or a budget
    alpha : probability of a false alarm anywhere in up to 10^4 cells
    method : what is run, by default the theorem's method: a name, FILE.py, FILE.py:NAME, or a step called as
        `methods.unified_sam.step`; a method that states the class of its perturbation is judged by the theorem read for
        the class, any other is compared with the theorem's method
    curves : another program's curves, which are compared with the bound instead: a CSV, JSON or .npz file, or times of
        shape (K,) and f(x_t) - f* of shape (trials, K)
    params, data : parameters of a problem by name, and the file or pair (A, b) that replaces its rows

    Returns
    -------
    The verdict with all evidence.

    Raises
    ------
    NotApplicable
        If the theorem does not apply; the message is the reason.
    InputError
        If an argument is bad.

    Examples
    --------
    >>> verify("two-quadratics", "full", "unified-sam/3.4", lam=1.0).holds
    True

    A step of one's own is compared with the theorem's method before its bound is judged:

    >>> def plain_gradient(x, draw, gradient, gamma, rho, lam):
    ...     return x - gamma * gradient(x, draw)
    >>> str(verify("two-quadratics", "full", "unified-sam/3.4", lam=1.0, method=plain_gradient).verdict)
    'differs'

    A method of the catalogue has the class of its perturbation, which the theorem covers:

    >>> verify("two-quadratics", "full", "unified-sam/3.4", method="sam-on").holds
    True
    """
    found, statement = as_problem(problem, params, data), as_theorem(theorem)
    drawn = as_sampling(sampling, found)
    step, _, asked = as_reading(method, found, [statement], lam, tested=True)
    request = Request(asked, rho, rho_fraction, gamma, None, allow_outside, seed, trials, steps, alpha)
    cell = Cell(
        found.name or "problem",
        theorem_name(str(theorem)) if isinstance(theorem, (str, Path)) else statement.key,
        drawn.spec,
        request,
        tuple(sorted((name, str(value)) for name, value in changed_params(found).items())),
        found.data,
        str(curves) if isinstance(curves, (str, Path)) else None,
        method_name(method),
    )
    with user_file_errors(*cell.paths):
        if curves is not None:
            return judge_curves(cell, found, drawn, statement, *curves_like(curves))
        return judged(task(cell, found, drawn, statement, method=step))
