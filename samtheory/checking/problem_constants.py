"""The search for a place where a constant of the problem itself is wrong."""

from __future__ import annotations

import numpy as np

from .ascent import hunt
from .gradient_check import disagreement
from .pointwise import PL, Attained, Below, Interpolation
from .rounding import TINY, in_blocks
from .search import CLIMBS, LIPSCHITZ, LIPSCHITZ_I, POINTS, Falsifier, Finding, finding, replaced, unclaimed


def of_problem(search: Falsifier) -> list[Finding]:
    """The findings that do not depend on a sampling; only the gradients where no theorem uses a constant."""
    if search.problem.outside:
        return [gradients(search)]
    judges = (
        gradients,
        L_i,
        L,
        L_max,
        L_avg,
        mu,
        f_inf,
        f_i_inf,
        minimiser,
        convex,
        convex_components,
        strongly_convex,
        interpolation,
    )
    return [judge(search) for judge in judges]


def gradients(search: Falsifier) -> Finding:
    """Gradients against function values."""
    inequality, found = disagreement(search.setting, search.places, search.effort, search.rng("gradients"))
    method = "differences of order 6 of the values, along axes, gradients, radially, at random"
    return finding("gradients", None, inequality, found, None, method)


def L_i(search: Falsifier) -> Finding:
    """The smoothness of the component where it is worst."""
    family, found = search.components
    claimed = search.problem.L_i.values
    i = int(np.argmax(found.ratio / np.maximum(claimed, TINY)))
    return search.lipschitz("L_i", float(claimed[i]), family, found, i, LIPSCHITZ_I)


def L(search: Falsifier) -> Finding:
    """The smoothness of f."""
    return search.lipschitz("L", float(search.problem.L), *search.f, 0, LIPSCHITZ)


def L_max(search: Falsifier) -> Finding:
    """The largest L_i."""
    family, found = search.components
    text = "||grad f_i(x) - grad f_i(y)|| <= L_max ||x - y||"
    claimed, i = float(search.problem.L_i.values.max()), int(np.argmax(found.ratio))
    return search.lipschitz("L_max", claimed, family, found, i, text)


def L_avg(search: Falsifier) -> Finding:
    """The mean of the L_i."""
    family, found = search.components
    claimed, p = float(search.problem.L_i.values.mean()), np.full(search.problem.n, 1 / search.problem.n)
    text = "mean over i of ||grad f_i(x_i) - grad f_i(y_i)|| / ||x_i - y_i|| <= L_avg"
    return search.mean_lipschitz("L_avg", claimed, family, found, p, 1, text)


def mu(search: Falsifier) -> Finding:
    """The PL constant."""
    if search.problem.mu is None:
        return unclaimed("mu")
    claimed, at = float(search.problem.mu), search.places
    inequality = PL(search.setting, claimed)
    merits = inequality.merit(at.X)
    starts = at.starts(merits, 3 * search.climbs)
    found = hunt(inequality, at.X, at.unit, search.effort, starts, merits, search.walkers)
    best = claimed / found.merit if found.merit > 0 else None
    return finding("mu", claimed, inequality, found, best, POINTS)


def f_inf(search: Falsifier) -> Finding:
    """The infimum of f, or the lower bound in its place."""
    claimed, at = float(search.problem.f_inf), search.places
    inequality = Below(search.setting, claimed)
    found = hunt(inequality, at.X, at.unit, search.effort)
    with np.errstate(all="ignore"):
        lowest = float(np.nanmin(search.problem.objective.value(at.X)))
    method = "descents (L-BFGS, Newton) from several starts, and every point of the pool"
    found = replaced(found, at.evaluations + found.evaluations)
    return finding("f_inf", claimed, inequality, found, lowest, method)


def f_i_inf(search: Falsifier) -> Finding:
    """The infimum of every f_i."""
    if search.problem.f_i_inf is None:
        return unclaimed("f_i_inf")
    claimed, X = search.problem.f_i_inf.values, search.places.X
    with np.errstate(all="ignore"):
        values = in_blocks(search.problem.objective.values, X, search.problem.n * search.problem.d)
    members, own, own_values = search.own_lowest
    margin = np.nan_to_num(values, nan=np.inf).min(axis=0) - claimed
    margin[members] = np.minimum(margin[members], own_values - claimed[members])
    count = values.size + own.size // search.problem.d
    for i in np.argsort(margin / (np.abs(claimed) + np.abs(values[0]) + TINY), kind="stable")[:CLIMBS]:
        points = np.concatenate([X[np.argsort(values[:, i], kind="stable")[:8]], own[members == i]])
        inequality = Below(search.setting, float(claimed[i]), int(i))
        found = hunt(inequality, points, np.ones(1), search.effort)
        if found.falsified:
            break
    method = "descents of every component from several starts, and every point of the pool"
    best = float(margin[i] + claimed[i])
    return finding("f_i_inf", float(claimed[i]), inequality, replaced(found, count), best, method)


def convex(search: Falsifier) -> Finding:
    """Monotone gradient of f."""
    return search.monotone("convex", *search.f) if "convex" in search.problem.properties else unclaimed("convex")


def convex_components(search: Falsifier) -> Finding:
    """Monotone gradient of every f_i."""
    if "convex-components" not in search.problem.properties:
        return unclaimed("convex-components")
    return search.monotone("convex-components", *search.components)


def strongly_convex(search: Falsifier) -> Finding:
    """Monotone gradient of f - (mu/2)||x||^2, with the mu of PL."""
    if "strongly-convex" not in search.problem.properties or search.problem.mu is None:
        return unclaimed("strongly-convex")
    return search.monotone("strongly-convex", *search.f, float(search.problem.mu))


def minimiser(search: Falsifier) -> Finding:
    """f(x*) <= f_inf for the x* that is claimed to be a minimiser."""
    x_star = search.problem.x_star
    if x_star is None:
        return unclaimed("minimiser")
    inequality = Attained(search.setting)
    found = hunt(inequality, x_star[None], np.ones(1), search.effort)
    return finding("minimiser", None, inequality, found, None, "f - f_inf at the claimed minimiser")


def interpolation(search: Falsifier) -> Finding:
    """One point that minimises every f_i."""
    if "interpolation" not in search.problem.properties:
        return unclaimed("interpolation")
    inequality = Interpolation(search.setting)
    found = hunt(inequality, search.places.X, search.places.unit, search.effort)
    return finding("interpolation", None, inequality, found, None, "every point of the pool")
