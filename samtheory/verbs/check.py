"""Are the constants true, and what does a search see where none are known?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from samtheory._typing import Array
from samtheory.checking import card
from samtheory.checking import estimate as search
from samtheory.checking.card import Report
from samtheory.checking.needed import only
from samtheory.constants import as_components, as_constant
from samtheory.errors import InputError, finite_array, reject, whole, words
from samtheory.execution.time_limit import begun, end_of
from samtheory.objectives.base import FiniteSum
from samtheory.problem.problem import Problem

from .arguments import ProblemLike, SamplingLike, TheoremLike, as_problem, as_samplings, as_theorems


def check(
    problem: ProblemLike,
    sampling: SamplingLike | Sequence[SamplingLike] | None = None,
    theorem: TheoremLike | Sequence[TheoremLike] | None = None,
    *,
    level: str = "quick",
    seed: int = 0,
    budget: float | None = None,
    params: Mapping[str, Any] | None = None,
    data: Any = None,
) -> Report:
    """Judge every constant of a problem: proved, searched, or falsified with a witness.

    Parameters
    ----------
    problem, params, data : as in `rates`
    sampling : one sampling or several; by default an example of every kind
    theorem : one theorem or several, whose constants are reported; by default all constants
    level : "least", "quick" or "thorough"
    seed : seed of the search
    budget : seconds for the search; by default no limit

    Returns
    -------
    The cards, one for each sampling.

    Raises
    ------
    InputError
        If an argument is bad, or a sampling does not fit the problem.
    OutOfBudget
        If the budget ended before anything was known.

    Examples
    --------
    >>> (card,) = check("two-quadratics", "uniform")
    >>> card.falsified
    []
    """
    if not isinstance(level, str):
        raise reject("level", level, "least, quick or thorough")
    end = end_of(budget)
    found = begun(end, lambda: as_problem(problem, params, data))
    samplings, source = as_samplings(sampling, found), found.data
    left = None if budget is None else max(end - time.monotonic(), 1e-9)
    report = card.check(found, samplings, level=level, seed=seed, budget=left, data=source)
    return only(report, as_theorems(theorem))


def estimate(
    problem: ProblemLike | FiniteSum,
    x0: Array | None = None,
    *,
    L_i: Any = None,
    L: Any = None,
    mu: Any = None,
    f_inf: Any = None,
    f_i_inf: Any = None,
    properties: Iterable[str] = (),
    seed: int = 0,
    level: int = 1,
    budget: float | None = None,
    **others: Any,
) -> Problem:
    """Constants from a search over values and gradients, moved 2% to the safe side; they are no bounds.

    Parameters
    ----------
    problem : a finite sum, or a problem whose objective and start are used
    x0 : (d,) start; by default that of the problem
    L_i, L, mu, f_inf, f_i_inf : constants that are known; plain numbers count as claimed
    properties : what is claimed of f, words of `constants.ASSUMPTIONS`
    seed, level : of the search
    budget : seconds for the search; by default no limit
    others : further parameters of `Problem`

    Returns
    -------
    A problem whose constants are those given, and else *numerical*.

    Raises
    ------
    InputError
        If an argument is bad, or f seems unbounded below.

    Examples
    --------
    >>> found = estimate("two-quadratics")
    >>> found.L.source.startswith("search")
    True
    """
    if isinstance(problem, FiniteSum):
        objective, start = problem, x0
    else:
        known = as_problem(problem)
        objective, start = known.objective, known.x0 if x0 is None else x0
        others = {"name": known.name, "params": known.params, **others}
    if start is None:
        raise InputError("x0 is missing: needed beside a finite sum")
    allowed = [field.name for field in fields(Problem)]
    for name in others:
        if name not in allowed:
            raise reject("parameter", name, "one of " + ", ".join(allowed))
    n, given = objective.n, {"L": L, "mu": mu, "f_inf": f_inf}
    constants: dict[str, Any] = {name: as_constant(name, value) for name, value in given.items() if value is not None}
    for name, value in {"L_i": L_i, "f_i_inf": f_i_inf}.items():
        if value is not None:
            constants[name] = as_components(name, value, n)
    return search.estimate(
        objective,
        finite_array("x0", start, (objective.d,)),
        **constants,
        properties=words("properties", properties),
        seed=whole("seed", seed),
        level=whole("level", level, 1),
        budget=budget,
        **others,
    )
