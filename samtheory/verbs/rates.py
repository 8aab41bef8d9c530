"""What the theorems promise for a problem, or from bare constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from samtheory.calculator import rates as calculator
from samtheory.calculator import tuning
from samtheory.calculator.rates import RateTable
from samtheory.calculator.tuning import Best
from samtheory.errors import InputError, reject
from samtheory.methods import Method
from samtheory.problem.contradictions import consistent
from samtheory.request import Request
from samtheory.schedules import LAM, Rule

from .arguments import ProblemLike, SamplingLike, TheoremLike, as_problem, as_reading, as_sampling, as_theorems


def rates(
    problem: ProblemLike | None = None,
    sampling: SamplingLike | None = None,
    theorem: TheoremLike | Sequence[TheoremLike] | None = None,
    lam: Rule | None = None,
    *,
    rho: Rule | None = None,
    rho_fraction: float | None = None,
    gamma: Rule | None = None,
    epsilon: float | None = None,
    method: str | Path | Method | None = None,
    constants: Mapping[str, float] | None = None,
    params: Mapping[str, Any] | None = None,
    data: Any = None,
) -> RateTable:
    """Admissible steps, rate, neighbourhood and iterations to epsilon, by theorem.

    Parameters
    ----------
    problem : name, path ending in .py, or `Problem`
    sampling : text such as "nice:3", or a sampling; by default uniform, or the full batch of a single component
    theorem : key, path ending in .py or `Theorem`, or several; by default every theorem that applies
    lam : a number in [0, 1] (0 is USAM, 1 is SAM), or "1/t", "1-1/t" where a theorem covers them; by default that of
        the method's class, else 0.5
    rho, rho_fraction, gamma : ascent radius, ascent radius as a fraction of the largest admissible one, step size; by
        default the theorem's own
    epsilon : accuracy to which iterations are counted
    method : the method that the theorems are to cover, a name, FILE.py, FILE.py:NAME or a step; each theorem's own by
        default
    constants : numbers by name, such as {"mu": 0.1, "L_max": 2.0}, in the place of problem and sampling; they count as
        claimed, and delta0 = f(x0) - f_inf may be among them
    params, data : parameters of a problem by name, and the file or pair (A, b) that replaces its rows

    Returns
    -------
    A table with a row for each theorem that applies, and the reason of each other one in `skipped`.

    Raises
    ------
    NotApplicable
        If a named theorem does not apply, or no theorem does.
    InputError
        If an argument is bad, or rho or gamma is outside what the theorem admits.

    Examples
    --------
    >>> table = rates("ridge", "uniform", "unified-sam/3.2", epsilon=1e-1)
    >>> table.rates[0].plan.rho < table.rates[0].plan.rho_max
    True
    >>> rates(constants={"mu": 0.1, "L": 1.0}, theorem="karimi-2016/gd", lam=0.0)
    Traceback (most recent call last):
    ...
    samtheory.errors.NotApplicable: karimi-2016/gd: not claimed of this problem and sampling: full-batch
    """
    theorems = as_theorems(theorem)
    if constants is not None:
        bare = _bare(constants, problem, sampling, params, data, method)
        request = Request(LAM if lam is None else lam, rho, rho_fraction, gamma, epsilon)
        return calculator.of_constants(bare, theorems, request)
    found = as_problem(problem, params, data)
    _, reading, asked = as_reading(method, found, theorems, lam)
    request = Request(asked, rho, rho_fraction, gamma, epsilon)
    return calculator.of_problem(found, as_sampling(sampling, found), theorems, request, reading)


def best(
    problem: ProblemLike | None = None,
    sampling: SamplingLike | None = None,
    theorem: TheoremLike | Sequence[TheoremLike] | None = None,
    lam: Rule = LAM,
    epsilon: float | None = None,
    *,
    rho_min: float = 0.0,
    constants: Mapping[str, float] | None = None,
    params: Mapping[str, Any] | None = None,
    data: Any = None,
) -> Best:
    """The theorem and steps with the fewest guaranteed iterations to epsilon.

    Parameters
    ----------
    problem, sampling, lam, constants, params, data : as in `rates`
    theorem : theorems to choose from; by default the whole catalogue
    epsilon : the goal for E f - f*, without PL for the gradient norm
    rho_min : the smallest ascent radius wanted

    Returns
    -------
    The theorem at its best step size in `choice`, None if no theorem gets to epsilon.

    Raises
    ------
    InputError
        If an argument is bad, or epsilon or delta0 is missing.

    Examples
    --------
    >>> best("ridge", "full", lam=1.0, epsilon=1e-2, rho_min=1e-3).choice.plan.rho
    0.001
    """
    request, theorems = Request(lam, epsilon=epsilon), as_theorems(theorem)
    if constants is None:
        found = as_problem(problem, params, data)
        start = consistent(found).delta0
        return tuning.best(found.constants(as_sampling(sampling, found)), request, start, rho_min, theorems)
    known, delta0 = calculator.bare_constants(_bare(constants, problem, sampling, params, data))
    if delta0 is None:
        raise InputError("delta0 is missing: must be among the constants, as delta0=1.5 for f(x0) - f_inf")
    return tuning.best(known, request, delta0, rho_min, theorems)


def _bare(constants: Any, *beside: Any) -> dict[str, float]:
    """Constants by name; nothing else may be given beside them."""
    if not isinstance(constants, Mapping):
        raise reject("constants", constants, "a mapping from names to numbers")
    for name, value in zip(("problem", "sampling", "params", "data", "method"), beside, strict=False):
        if value is not None:
            raise reject(name, value, "left out beside constants")
    return dict(constants)
