"""What a theorem assumes, checked at a cell's states: the inequality itself sees little of a wrong constant."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions import assumptions
from samtheory.assumptions.claim import Domain
from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.methods.unified_sam import ascent
from samtheory.problem.at_points import AtPoints
from samtheory.problem.evaluation import context_of
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw, Law
from samtheory.schedules import Schedule
from samtheory.theorems.plan import Plan

from .enumeration import affordable, over_outcomes, stochastic_gradients
from .evidence import Evidence, compare, skipped
from .states import Points, States

KIND = "hypothesis"
#: The assumptions whose evidence is written here and in `convexity`; others are evaluated as their files state them.
WRITTEN = frozenset({
    "smooth", "PL", "ER", "ES", "full-batch", "bounded-variance", "convex", "convex-components", "strongly-convex",
    "interpolation", "minimiser",
})  # fmt: skip
EPS = float(np.finfo(float).eps)
#: Squares of shorter lengths than this have lost digits to underflow, and so have squares below the second.
SHORT, SMALL = 1e-140, 1e-280
#: Power iterations towards the steepest direction of a sampled gradient.
POWER = 8
#: Points around the minimiser from which the steepest direction is looked for.
POWER_STATES = 6


def hypotheses(problem: Problem, law: Law, constants: Constants, plan: Plan, states: States) -> list[Evidence]:
    """Every hypothesis that the plan's theorem uses, one Evidence each."""
    assumed = plan.theorem.assumptions
    found = [below(problem, states), smooth(problem, constants, states)]
    if not law.deterministic:
        found.append(unbiased(problem, law))
        found += pathwise(problem, law, constants, plan, states)
    if "PL" in assumed:
        found.append(pl(problem, constants, states))
    if "ER" in assumed:
        found.append(residual(problem, law, constants, states))
    for word in assumed:
        if word not in WRITTEN:
            found += of_assumption(problem, law, constants, states, word)
    return found


def of_assumption(problem: Problem, law: Law, constants: Constants, states: States, word: str) -> list[Evidence]:
    """The claims about points of an assumption, as its own file states them."""
    claims = [claim for claim in assumptions()[word].claims if claim.domain is Domain.POINT]
    at = AtPoints(context_of(problem), law, states.X)
    found = []
    for claim in claims:
        left, right, rounding = (np.broadcast_to(side, (len(states),)) for side in claim.sides(at, constants))
        found.append(compare(KIND, claim.name, right, left, rounding, lambda k: states.names[k]))
    return found


def below(problem: Problem, states: States) -> Evidence:
    """f(x) >= f_inf, and f_i(x) >= f_i_inf where claimed."""
    gap = states.gap
    if problem.f_i_inf is not None:
        values = states.values
        gap = np.minimum(gap, (values - problem.f_i_inf.values + 64 * EPS * (1 + np.abs(values))).min(axis=1))
    return compare(KIND, "f >= f_inf", np.zeros(len(gap)), -gap, states.rounding, lambda k: states.names[k])


def smooth(problem: Problem, constants: Constants, states: States) -> Evidence:
    """||grad f(y) - grad f(x)|| <= L ||y - x|| between states and along the steepest direction around the minimiser."""
    L = float(constants.L)
    X, g = states.X, states.gradient
    pairs = [(X, np.roll(X, 1, axis=0), g, np.roll(g, 1, axis=0))]
    if states.around is not None:
        pairs.append(steepest_pairs(states.around))
    found = [lipschitz_ratio(g, h, x, y, L, at_origin(problem).mean()) for x, y, g, h in pairs]
    measured, rounding = (np.concatenate(part) for part in zip(*found, strict=True))
    return compare(KIND, "L", np.full(len(measured), L), measured, rounding, lambda k: f"pair {k}")


def unbiased(problem: Problem, law: Law) -> Evidence:
    """E v_i = 1 for every i that matters (L_i > 0)."""
    try:
        mean = law.mean()[problem.L_i.values > 0]
    except NotApplicable as reason:
        return skipped(KIND, "E v = 1", str(reason))
    off = np.abs(mean - 1)
    return compare(KIND, "E v = 1", np.zeros(len(off)), off, 1e-12 * law.n, lambda k: f"component {k}")


def pathwise(problem: Problem, law: Law, constants: Constants, plan: Plan, states: States) -> list[Evidence]:
    """||g_v(y) - g_v(x)|| <= L_v ||y - x|| for every outcome, and its supremum, mean and root mean square over v.

    y is the ascent point of the method, and a point along the steepest direction of g_v around the minimiser.
    """
    try:
        outcomes, most = affordable(problem, law)
    except NotApplicable as reason:
        return [skipped(KIND, "Lambda", str(reason))]
    at = states.first(max(most // 2, 1))
    L_v, _ = sizes(problem, outcomes.draw)
    ratios = ascent_ratios(at, law, plan.schedule)
    names = [f"{name}, ascent step" for name in at.names]
    if states.around is not None:
        steep, places = steepest_ratios(states.around, law)
        ratios = np.concatenate([ratios, steep])
        names += [f"{states.around.names[k]}, steepest direction" for k in places]
    measured, rounding = ratios[..., 0], ratios[..., 1]

    def against(name: str, bound: float, value: Array) -> Evidence:
        lost = rounding.max(axis=1) + 1e-12 * bound
        return compare(KIND, name, np.full(len(value), bound), value, lost, lambda k: names[k])

    p = outcomes.probability
    found = [
        against("Lambda", float(constants.Lambda), measured.max(axis=1)),
        against("Lambda1", float(constants.Lambda1), measured @ p),
        against("Lambda2", float(constants.Lambda2), np.sqrt(measured**2 @ p)),
    ]
    if problem.claims is None:
        each = np.broadcast_to(L_v, measured.shape)
        where = lambda k: names[k // len(p)] + f", outcome {k % len(p)}"  # noqa: E731
        found.append(compare(KIND, "L_v", each, measured, rounding + 1e-12 * each, where))
    return found


@lru_cache(maxsize=32)
def ascent_ratios(states: States, law: Law, schedule: Schedule) -> Array:
    """||g_v(y) - g_v(x)||/||y - x|| and its rounding, y the ascent point of each outcome at each state, (S, K, 2)."""
    f = states.problem.objective
    outcomes, _ = affordable(states.problem, law)
    _, rho, lam = (values[:, None] for values in states.over_time(schedule.at))
    radius = np.where(rho > 0, rho, 1e-3)

    def along_method(x: Array, draw: Draw, which: np.ndarray) -> Array:
        g = f.stochastic_gradient(x, *draw)
        y = x + radius[which] * ascent(g, lam[which])
        h = f.stochastic_gradient(y, *draw)
        return np.stack(lipschitz_ratio(g, h, x, y, *sizes(states.problem, draw)), axis=-1)

    return over_outcomes(states.X, outcomes, along_method, width=2)


@lru_cache(maxsize=16)
def steepest_pairs(around: Points) -> tuple[Array, Array, Array, Array]:
    """x, y along the steepest direction of grad f there, grad f(x) and grad f(y), from some of the points."""
    X, gradient = around.X[around.some(POWER_STATES)], around.problem.objective.gradient
    Y = steepest(X, gradient)
    return X, Y, gradient(X), gradient(Y)


@lru_cache(maxsize=32)
def steepest_ratios(around: Points, law: Law) -> tuple[Array, list[int]]:
    """||g_v(y) - g_v(x)||/||y - x|| and its rounding along the steepest direction of each outcome, (S, K, 2).

    Also the places of the points x, as many as are affordable.
    """
    f = around.problem.objective
    outcomes, most = affordable(around.problem, law)

    def along_steepest(x: Array, draw: Draw, which: np.ndarray) -> Array:
        y = steepest(x, lambda z: f.stochastic_gradient(z, *draw))
        g, h = (f.stochastic_gradient(z, *draw) for z in (x, y))
        return np.stack(lipschitz_ratio(g, h, x, y, *sizes(around.problem, draw)), axis=-1)

    places = around.some(min(POWER_STATES, max(most // (3 * POWER), 1)))
    return over_outcomes(around.X[places], outcomes, along_steepest, width=2), places


def pl(problem: Problem, constants: Constants, states: States) -> Evidence:
    """||grad f||^2 >= 2 mu delta at every state."""
    assert constants.mu is not None
    allowance = 2 * constants.mu * states.rounding + square_rounding(problem, constants, states.X, states.grad2)
    return compare(KIND, "PL", states.grad2, 2 * constants.mu * states.gap, allowance, lambda k: states.names[k])


def residual(problem: Problem, law: Law, constants: Constants, states: States) -> Evidence:
    """E||g||^2 <= 2A delta + B||grad f||^2 + C, by enumeration where possible, else from E[v v^T]."""
    assert constants.A is not None
    assert constants.B is not None
    assert constants.C is not None
    try:
        _, most = affordable(problem, law)
    except NotApplicable:
        second = law.mean_square_norm(problem.objective.gradients(states.X))
    else:
        states = states.first(most)
        second = np.concatenate([second_moment(part, law) for part in states.parts or (states,)])
    bound = 2 * constants.A * states.gap + constants.B * states.grad2 + constants.C
    lost = square_rounding(problem, constants, states.X, np.maximum(second, states.grad2))
    allowance = 2 * constants.A * states.rounding + (1 + constants.B) * lost + 1e-11 * bound
    return compare(KIND, "expected residual", bound, second, allowance, lambda k: states.names[k])


@lru_cache(maxsize=32)
def second_moment(points: Points, law: Law) -> Array:
    """E||g_v(x)||^2 for each point, shape (S,)."""
    outcomes, _ = affordable(points.problem, law)
    squares: Array = np.sum(stochastic_gradients(points.problem, points.X, outcomes) ** 2, axis=-1)
    return np.asarray(squares @ outcomes.probability)


def square_rounding(problem: Problem, constants: Constants, X: Array, square: Array) -> Array:
    """A bound on the absolute rounding error of a computed squared gradient norm, shape (S,).

    A component gradient is a difference of terms as large as L_i||x|| and ||grad f_i(0)||, each off by some ulps.
    """
    scale = (
        constants.Lambda * np.linalg.norm(X, axis=-1) + constants.Lambda / constants.L_avg * at_origin(problem).max()
    )
    error = 64 * EPS * scale
    return np.asarray(2 * np.sqrt(square) * error + error**2 + 1e-12 * square + SMALL)


@lru_cache(maxsize=16)
def at_origin(problem: Problem) -> Array:
    """||grad f_i(0)||, shape (n,)."""
    return np.asarray(np.linalg.norm(problem.objective.gradients(np.zeros((1, problem.d)))[0], axis=-1))


def sizes(problem: Problem, draw: Draw) -> tuple[Array, Array]:
    """(1/n) sum v_i L_i and (1/n) sum v_i ||grad f_i(0)|| of each draw: how large the terms of g_v can be."""
    v = draw.weights / problem.n
    L_v, terms = (np.sum(v * each[draw.indices], axis=1) for each in (problem.L_i.values, at_origin(problem)))
    return L_v, terms


def steepest(X: Array, gradient: object) -> Array:
    """x + h u for each row, u found by power iteration on gradient differences (the top curvature direction)."""
    assert callable(gradient)
    h = 1e-5 * (1 + np.abs(X).max(axis=-1, keepdims=True))
    u = np.random.default_rng(0).standard_normal(X.shape[-1]) * np.ones_like(X)
    u /= np.linalg.norm(u, axis=-1, keepdims=True)
    for _ in range(POWER):
        turned = gradient(X + h * u) - gradient(X - h * u)
        length = np.linalg.norm(turned, axis=-1, keepdims=True)
        u = np.where(length > 0, turned / np.where(length > 0, length, 1.0), u)
    return np.asarray(X + h * u)


def lipschitz_ratio(
    g: Array, h: Array, X: Array, Y: Array, L: Array | float, terms: Array | float
) -> tuple[Array, Array]:
    """||h - g|| / ||Y - X|| for each row, and its rounding error; 0 where Y = X, or nearly.

    Gradients are sums of terms as large as L||x|| and `terms`, which may cancel.
    """
    distance = np.linalg.norm(Y - X, axis=-1)
    size = np.linalg.norm(g, axis=-1) + np.linalg.norm(h, axis=-1)
    scale = np.linalg.norm(X, axis=-1) + np.linalg.norm(Y, axis=-1)
    apart = distance > SHORT
    safe = np.where(apart, distance, 1.0)
    ratio = np.where(apart, np.linalg.norm(h - g, axis=-1) / safe, 0.0)
    rounding = np.where(apart, 64 * EPS * (size + L * scale + terms) / safe, 0.0)
    return ratio, rounding
