"""All theorems that apply, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from samtheory.calculator import compare as calculator
from samtheory.calculator.compare import STEPS, TRIALS, ComparisonTable
from samtheory.errors import truth
from samtheory.methods import Method
from samtheory.request import Request
from samtheory.schedules import Rule

from .arguments import ProblemLike, SamplingLike, TheoremLike, as_problem, as_reading, as_sampling, as_theorems


def compare(
    problem: ProblemLike,
    sampling: SamplingLike | None = None,
    theorem: TheoremLike | Sequence[TheoremLike] | None = None,
    lam: Rule | None = None,
    epsilon: float | None = None,
    *,
    rho: float | None = None,
    sharp: bool = False,
    trials: int = TRIALS,
    steps: int = STEPS,
    seed: int = 0,
    method: str | Path | Method | None = None,
    worst_case: bool = False,
    params: Mapping[str, Any] | None = None,
    data: Any = None,
) -> ComparisonTable:
    """The theorems that apply, at the same rho and each at its best gamma, beside a run of the method at these steps.

    Parameters
    ----------
    problem, sampling, lam, params, data : as in `rates`
    theorem : theorems to compare; by default the whole catalogue, theorems on SGD with rho = 0
    epsilon : the goal for E f - f*, by default a hundredth of f(x0) - f*; without PL the goal for the gradient norm, by
        default a tenth of the largest possible norm at x0
    rho : ascent radius; by default that of Corollary 3.3 for epsilon (without PL: of Theorem 3.7)
    sharp : whether expected residuals sharper than the problem's own are tried too
    trials, steps, seed : of the runs; no runs where steps = 0
    method : what is run, each theorem's method by default: a name, FILE.py, FILE.py:NAME or a step; theorems that do
        not cover it are left out
    worst_case : whether to find, for the full batch, how many times more each theorem could promise of one step, as
        `tightness` does; a second for each theorem with lam > 0

    Returns
    -------
    A table with a row for each theorem that applies, sorted by guaranteed iterations.

    Raises
    ------
    NotApplicable
        If no theorem applies.
    InputError
        If an argument is bad.

    Examples
    --------
    >>> table = compare("two-quadratics", "full", lam=1.0, epsilon=1e-2, steps=100)
    >>> all(row.ratio >= 1 for row in table.rows if row.measured)
    True
    """
    found, theorems = as_problem(problem, params, data), as_theorems(theorem)
    step, reading, asked = as_reading(method, found, theorems, lam)
    request = Request(asked, rho, epsilon=epsilon, seed=seed, trials=trials, steps=steps)
    drawn = as_sampling(sampling, found)
    wanted = truth("worst-case", worst_case)
    table = calculator.compare(
        found, drawn, theorems, request, sharp=truth("sharp", sharp), method=step, reading=reading
    )
    if not wanted:
        return table
    from samtheory.worst_cases.bracket import ratio_of

    rows = [row if row.method else replace(row, worst_case_ratio=ratio_of(row.choice.plan)) for row in table.rows]
    return replace(table, rows=rows)
