"""Constants for a problem of which only values and gradients are known: what a search sees, which is no bound."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.constants import ComponentConstants, Constant, labelled
from samtheory.errors import InputError, OutOfBudget, float_array
from samtheory.execution.time_limit import OutOfTime, cut, end_of, in_time, interrupting, later, rows_in_time, until
from samtheory.objectives.base import FiniteSum
from samtheory.objectives.lengths import length
from samtheory.problem.evaluation import EPS, context_of, in_blocks
from samtheory.problem.problem import Problem
from samtheory.status import Status

from .claim_search import finding_of
from .growth import growth
from .lipschitz_search import LipschitzEstimate
from .search import ProblemSearch

#: Estimates are moved to the safe side by this fraction.
MARGIN = 0.02
#: A PL constant smaller than this fraction of L is taken for none.
NO_PL = 1e-6
#: f is taken for unbounded below where the search finds values below the start by this many times those around it.
UNBOUNDED = 1e6

Given = Constant | ComponentConstants | float | Array | None


def estimate(
    objective: FiniteSum,
    x0: Array,
    *,
    L_i: Given = None,
    L: Given = None,
    mu: Given = None,
    f_inf: Given = None,
    f_i_inf: Given = None,
    properties: Iterable[str] = (),
    seed: int = 0,
    level: int = 1,
    budget: float | None = None,
    **others: Any,
) -> Problem:
    """A problem whose constants are those given, and for the rest what a search sees, moved 2% to the safe side.

    Where the Lipschitz ratio of grad f grows with the radius, no constant holds everywhere: the estimates are those of
    the points that gradient descent passes, and `region` says so.

    An estimate is labelled "numerical", with the place where it was seen.  It is not a bound: a point that the search
    has not seen may break it, and every theorem that rests on it is as good as the search.

    Parameters
    ----------
    objective : the finite sum; values and gradients are enough
    x0 : (d,) start
    L_i, L, mu, f_inf, f_i_inf : constants that you know; plain numbers count as claimed
    properties : what you claim of f, words of `constants.ASSUMPTIONS`
    seed, level : of the search
    budget : seconds for the search, None for as many as it takes; only a single call of a function may pass them
    others : further parameters of `Problem`

    Raises
    ------
    InputError
        If f seems unbounded below, or a given constant has the wrong shape.
    OutOfBudget
        If the budget ends before anything is seen.
    """
    x0 = float_array("x0", x0, "finite numbers of shape (d,)")
    given = {
        key: value if hasattr(value, "provenance") else labelled("claimed", value, "given")
        for key, value in {"L_i": L_i, "L": L, "mu": mu, "f_inf": f_inf, "f_i_inf": f_i_inf}.items()
        if value is not None
    }
    common = {"objective": objective, "x0": x0, "properties": frozenset(properties), **others}
    end = end_of(budget)
    with nullcontext() if budget is None else interrupting(), suppress(OutOfTime), until(end):
        return _estimate(common, given, seed, level)
    raise OutOfBudget(f"budget={budget:g}: must be enough for some values, and some gradients of every component")


def _estimate(common: dict[str, Any], given: dict[str, Any], seed: int, level: int) -> Problem:
    """The problem with its given constants and the estimated ones."""
    objective, x0 = common["objective"], common["x0"]
    # The search weighs rounding errors by the size of gradients, which a first look at L_i gives.
    look = in_time(1.0, lambda: (_first_look(objective, x0), float(objective.value(x0[None])[0])), None)
    if look is None:
        raise OutOfTime
    first, start = labelled("numerical", np.full(objective.n, look[0]), "first look"), look[1]
    if not np.isfinite(start):
        raise InputError(f"x0: f(x0) = {start}: must be finite")
    rough = Problem(
        **common,
        L_i=first,
        L=labelled("numerical", float(first.values[0]), "first look"),
        f_inf=labelled("numerical", objective.reference, "reference"),
    )
    search = ProblemSearch(rough, [seed, 0], level)
    if (grows := in_time(0.1, partial(growth, search.problem, 1 + float(length(x0))), None)) is not None:
        common["region"] = f"the points that gradient descent passes: {grows}"
        search = ProblemSearch(replace(rough, region=common["region"]), [seed, 0], level)
    search.prepare()
    known = dict(given)
    known.setdefault("f_inf", _lowest(search, search.points.lowest))
    if "L_i" not in known:
        with until(later(0.6)):
            known["L_i"] = _lipschitz(search.components.found)
    if "L" not in known:
        known["L"] = in_time(0.5, partial(_smoothness, search), None) or known["L_i"].reduce(np.mean, "mean L_i")
    if "f_i_inf" not in known:
        known["f_i_inf"] = in_time(0.5, partial(_lowest_components, search), None)
    problem = Problem(**common, **known)
    if "mu" not in known:
        problem = replace(problem, mu=in_time(1.0, partial(_pl, problem, seed, level), None))
    if problem.x_star is None and problem.mu is not None:
        problem = replace(problem, x_star=search.points.lowest)
    return problem


def _first_look(objective: FiniteSum, x0: Array) -> float:
    """The steepest gradient change over some pairs near x0."""
    rng = np.random.default_rng(0)
    X = x0 + (1 + length(x0)) * rng.standard_normal((16, objective.d)) * np.geomspace(1e-3, 1, 16)[:, None]
    at_x0 = objective.gradients(x0[None])
    change = rows_in_time(lambda Y: in_blocks(lambda Z: length(objective.gradients(Z) - at_x0), Y, at_x0.size), X)
    ratio = change / length(X - x0)[: len(change), None]
    return float(np.max(ratio[np.isfinite(ratio)], initial=EPS))


def _smoothness(search: ProblemSearch) -> Constant | None:
    """L, from the steepest gradient change of f; None where the budget ended before one."""
    if not search.f.found.evaluations:
        return None
    seen = _lipschitz(search.f.found)
    return Constant(seen.values[0], "numerical", seen.source)


def _lipschitz(found: LipschitzEstimate) -> ComponentConstants:
    """Steepest gradient changes with a margin; a function that was not seen to bend has 0."""
    if not found.evaluations:
        raise OutOfTime
    ratio, pair = found.ratio, found.pair
    k = int(np.argmax(ratio))
    between = " and ".join(_point(pair[k, 0] + sign * pair[k, 1]) for sign in (1, -1))
    source = f"{_search()}: {1 - MARGIN:g} of it seen between {between}"
    return ComponentConstants(np.asarray(ratio / (1 - MARGIN)), "numerical", source)


def _lowest(search: ProblemSearch, low: Array) -> Constant:
    """The lowest value found, less rounding."""
    start, value = (float(search.problem.objective.value(x[None])[0]) for x in (search.problem.x0, low))
    size = float(context_of(search.problem).value_size.mean())
    if not np.isfinite(value) or (value < 0 and start - value > UNBOUNDED * size):
        raise InputError(f"f_inf: f falls to {value:.3g}: must be given, as f seems unbounded below")
    return Constant(value - 16 * EPS * abs(start - value), "numerical", f"{_search()}: lowest value, at {_point(low)}")


def _lowest_components(search: ProblemSearch) -> ComponentConstants | None:
    """The lowest value found of every f_i with a margin; None where some f_i seems unbounded below."""
    lowest, start = search.lowest_values, search.problem.objective.values(search.problem.x0[None])[0]
    if (lowest < -UNBOUNDED * context_of(search.problem).value_size).any():
        return None
    source = f"{_search()}: lowest values seen, less 2% of the way from the start"
    return ComponentConstants(lowest - MARGIN * np.abs(start - lowest), "numerical", source)


def _pl(problem: Problem, seed: int, level: int) -> Constant | None:
    """The smallest ||grad f||^2/(2 (f - f*)) seen, with a margin; None where it is next to 0."""
    least = NO_PL * float(problem.L)
    claim = replace(problem, mu=labelled("claimed", least, ""))
    found = finding_of(ProblemSearch(claim, [seed, 1], level), "PL", "mu")
    if found.verdict == Status.FALSIFIED or found.best_known is None:
        return None
    source = f"{_search()}: smallest ||grad f||^2/(2(f - f*)) seen"
    return Constant(found.best_known * (1 - MARGIN), "numerical", source)


def _search() -> str:
    """The word for the search in the source of a constant."""
    return "search cut short by its budget" if cut() else "search"


def _point(x: Array) -> str:
    """A point in a few digits."""
    shown = ", ".join(f"{value:.3g}" for value in x[:4])
    return f"({shown}{', ...' if len(x) > 4 else ''})"
