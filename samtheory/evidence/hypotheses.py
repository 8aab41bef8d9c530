"""What a theorem assumes, checked at a cell's states: the inequality itself sees little of a wrong constant."""

from __future__ import annotations

import numpy as np

from ..constants import Array, Constants
from ..errors import NotApplicable
from ..methods.unified_sam import ascent
from ..problem import Problem
from ..sampling import Draw, Law, Outcomes
from ..theorems.base import Plan
from .expectation import affordable, over_outcomes, stochastic_gradients
from .record import Evidence, compare, skipped
from .states import States

KIND = "hypothesis"
EPS = float(np.finfo(float).eps)
#: Power iterations towards the steepest direction of a sampled gradient.
POWER = 8
#: States from which the steepest direction is looked for.
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
    return found


def below(problem: Problem, states: States) -> Evidence:
    """f(x) >= f_inf, and f_i(x) >= f_i_inf where claimed."""
    X = states.X
    rounding = problem.suboptimality_rounding(X)
    gap = problem.suboptimality(X)
    if problem.f_i_inf is not None:
        values = problem.objective.values(X)
        gap = np.minimum(gap, (values - problem.f_i_inf.values + 64 * EPS * (1 + np.abs(values))).min(axis=1))
    return compare(KIND, "f >= f_inf", np.zeros(len(X)), -gap, rounding, lambda k: states.names[k])


def smooth(problem: Problem, constants: Constants, states: States) -> Evidence:
    """||grad f(y) - grad f(x)|| <= L ||y - x|| between states and along the steepest direction at some of them."""
    f = problem.objective
    X = states.X
    Y = np.roll(X, 1, axis=0)
    if not problem.region:
        base = states.first(POWER_STATES).X
        X, Y = np.vstack([X, base]), np.vstack([Y, steepest(base, f.gradient)])
    measured, rounding = lipschitz_ratio(f.gradient(X), f.gradient(Y), X, Y, float(constants.L))
    return compare(KIND, "L", np.full(len(X), float(constants.L)), measured, rounding, lambda k: f"pair {k}")


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

    y is the ascent point of the method, and a point along the steepest direction of g_v from some of the states.
    """
    try:
        outcomes, most = affordable(problem, law)
    except NotApplicable as reason:
        return [skipped(KIND, "Lambda", str(reason))]
    f = problem.objective
    at = states.first(max(most // 2, 1))
    rho, lam = (np.array([plan.schedule.at(int(t))[k] for t in at.t])[:, None] for k in (1, 2))
    radius = np.where(rho > 0, rho, 1e-3)
    L_v = (outcomes.draw.weights * problem.L_i.values[outcomes.draw.indices]).sum(axis=1) / problem.n

    def along_method(x: Array, draw: Draw, which: np.ndarray) -> Array:
        g = f.stochastic_gradient(x, *draw)
        y = x + radius[which] * ascent(g, lam[which])
        return np.stack(lipschitz_ratio(g, f.stochastic_gradient(y, *draw), x, y, 1.0), axis=-1)

    def along_steepest(x: Array, draw: Draw, which: np.ndarray) -> Array:
        y = steepest(x, lambda z: f.stochastic_gradient(z, *draw))
        g, h = (f.stochastic_gradient(z, *draw) for z in (x, y))
        return np.stack(lipschitz_ratio(g, h, x, y, 1.0), axis=-1)

    ratios = over_outcomes(at.X, outcomes, along_method, width=2)
    names = [f"{name}, ascent step" for name in at.names]
    if not problem.region:
        base = states.first(min(POWER_STATES, max(most // (3 * POWER), 1)))
        ratios = np.concatenate([ratios, over_outcomes(base.X, outcomes, along_steepest, width=2)])
        names += [f"{name}, steepest direction" for name in base.names]
    measured, relative = ratios[..., 0], ratios[..., 1] + 1e-12

    def against(name: str, bound: float, value: Array, relative: Array) -> Evidence:
        return compare(
            KIND, name, np.full(len(value), bound), value, relative * (1 + bound), lambda k: names[k]
        )

    p, worst = outcomes.probability, relative.max(axis=1)
    found = [
        against("Lambda", float(constants.Lambda), measured.max(axis=1), worst),
        against("Lambda1", float(constants.Lambda1), measured @ p, worst),
        against("Lambda2", float(constants.Lambda2), np.sqrt(measured**2 @ p), worst),
    ]
    if problem.sampled_smoothness is None:
        each = np.broadcast_to(L_v, measured.shape)
        where = lambda k: names[k // len(p)] + f", outcome {k % len(p)}"  # noqa: E731
        found.append(compare(KIND, "L_v", each, measured, relative * (1 + each), where))
    return found


def pl(problem: Problem, constants: Constants, states: States) -> Evidence:
    """||grad f||^2 >= 2 mu delta at every state."""
    assert constants.mu is not None
    gap, rounding = problem.suboptimality(states.X), problem.suboptimality_rounding(states.X)
    grad2 = np.sum(problem.objective.gradient(states.X) ** 2, axis=-1)
    allowance = 2 * constants.mu * rounding + square_rounding(problem, constants, states.X, grad2)
    return compare(KIND, "PL", grad2, 2 * constants.mu * gap, allowance, lambda k: states.names[k])


def residual(problem: Problem, law: Law, constants: Constants, states: States) -> Evidence:
    """E||g||^2 <= 2A delta + B||grad f||^2 + C, by enumeration where possible, else from E[v v^T]."""
    assert constants.A is not None
    assert constants.B is not None
    assert constants.C is not None
    grad2 = np.sum(problem.objective.gradient(states.X) ** 2, axis=-1)
    try:
        outcomes, most = affordable(problem, law)
    except NotApplicable:
        squares = np.sum(problem.objective.gradients(states.X) ** 2, axis=-1)
        second = law.B * grad2 + squares @ law.w / law.n**2
    else:
        states = states.first(most)
        grad2 = np.sum(problem.objective.gradient(states.X) ** 2, axis=-1)
        second = second_moment(problem, states.X, outcomes)
    gap, rounding = problem.suboptimality(states.X), problem.suboptimality_rounding(states.X)
    bound = 2 * constants.A * gap + constants.B * grad2 + constants.C
    lost = square_rounding(problem, constants, states.X, np.maximum(second, grad2))
    allowance = 2 * constants.A * rounding + (1 + constants.B) * lost + 1e-11 * bound
    return compare(KIND, "expected residual", bound, second, allowance, lambda k: states.names[k])


def second_moment(problem: Problem, X: Array, outcomes: Outcomes) -> Array:
    """E||g_v(x)||^2 for each state, shape (S,)."""
    squares: Array = np.sum(stochastic_gradients(problem, X, outcomes) ** 2, axis=-1)
    return np.asarray(squares @ outcomes.probability)


def square_rounding(problem: Problem, constants: Constants, X: Array, square: Array) -> Array:
    """A bound on the absolute rounding error of a computed squared gradient norm, shape (S,).

    A component gradient is a difference of terms as large as L_i||x|| and ||grad f_i(0)||, each off by some ulps.
    """
    at_origin = np.linalg.norm(problem.objective.gradients(np.zeros((1, problem.d)))[0], axis=-1).max()
    scale = constants.Lambda * np.linalg.norm(X, axis=-1) + constants.Lambda / constants.L_avg * at_origin
    error = 64 * EPS * scale
    return np.asarray(2 * np.sqrt(square) * error + error**2 + 1e-12 * square)


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


def lipschitz_ratio(g: Array, h: Array, X: Array, Y: Array, L: float) -> tuple[Array, Array]:
    """||h - g|| / ||Y - X|| for each row, and its rounding error; 0 where Y = X."""
    distance = np.linalg.norm(Y - X, axis=-1)
    size = np.linalg.norm(g, axis=-1) + np.linalg.norm(h, axis=-1)
    scale = np.linalg.norm(X, axis=-1) + np.linalg.norm(Y, axis=-1)
    apart = distance > 0
    safe = np.where(apart, distance, 1.0)
    ratio = np.where(apart, np.linalg.norm(h - g, axis=-1) / safe, 0.0)
    rounding = np.where(apart, 64 * EPS * (size + L * scale) / safe, 0.0)
    return ratio, rounding
