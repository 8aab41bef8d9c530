"""What some theorems assume beyond smoothness, PL and the expected residual: convexity, and the noise around x*."""

from __future__ import annotations

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.theorems.plan import Plan

from .enumeration import affordable, stochastic_gradients
from .evidence import Evidence, compare, skipped
from .hypotheses import EPS, KIND, square_rounding
from .states import States


def claims(problem: Problem, law: Law, constants: Constants, plan: Plan, states: States) -> list[Evidence]:
    """Every such claim that the plan's theorem uses, one Evidence each."""
    assumed, found = plan.theorem.assumptions, []
    if "strongly-convex" in assumed:
        found.append(convex(problem, states, float(constants.mu or 0.0), "strongly-convex"))
    if "convex" in assumed:
        found.append(convex(problem, states, 0.0, "convex"))
    if "convex-components" in assumed:
        found.append(convex_components(problem, states))
    if "interpolation" in assumed and problem.x_star is not None and problem.f_i_inf is not None:
        at_minimum = problem.objective.values(problem.x_star[None])[0]
        slop = 64 * EPS * (1 + np.abs(at_minimum)) + problem.suboptimality_rounding(problem.x_star[None])
        found.append(
            compare(KIND, "interpolation", problem.f_i_inf.values, at_minimum, slop, lambda k: f"component {k} at x*")
        )
    if "ES" in assumed and not law.deterministic:
        found += around_minimiser(problem, law, constants, states)
    return found


def convex(problem: Problem, states: States, mu: float, name: str) -> Evidence:
    """f(y) >= f(x) + <grad f(x), y - x> + (mu/2)||y - x||^2 between states, and from x* to each."""
    X, Y = states.X, np.roll(states.X, 1, axis=0)
    if problem.x_star is not None:
        X, Y = np.vstack([X, np.broadcast_to(problem.x_star, X.shape)]), np.vstack([Y, X])
    f, apart = problem.objective, Y - X
    slope = np.sum(f.gradient(X) * apart, axis=-1) + mu / 2 * np.sum(apart**2, axis=-1)
    here, there = problem.suboptimality(X), problem.suboptimality(Y)
    slop = problem.suboptimality_rounding(X) + problem.suboptimality_rounding(Y)
    slop = slop + 1e-11 * (np.abs(here) + np.abs(there) + np.abs(slope))
    return compare(KIND, name, there - here, slope, slop, lambda k: f"pair {k}")


def convex_components(problem: Problem, states: States) -> Evidence:
    """The same for every f_i."""
    X, Y = states.X, np.roll(states.X, 1, axis=0)
    f = problem.objective
    here, there = f.values(X), f.values(Y)
    slope = np.einsum("rnd,rd->rn", f.gradients(X), Y - X)
    slop = 1e-11 * (1 + np.abs(here) + np.abs(there) + np.abs(slope))
    where = lambda k: f"pair {k // f.n}, component {k % f.n}"  # noqa: E731
    return compare(KIND, "convex-components", there - here, slope, slop, where)


def around_minimiser(problem: Problem, law: Law, constants: Constants, states: States) -> list[Evidence]:
    """E||g - g*||^2 <= 2 Lcal delta, E||g - g* - grad f||^2 <= 2R delta and E||g*||^2 <= sigma2, by enumeration."""
    names = ("expected smoothness", "centred expected smoothness", "noise at x*")
    assert problem.x_star is not None
    Lcal, R, sigma2 = (float(getattr(constants, name)) for name in ("Lcal", "R", "sigma2"))
    try:
        outcomes, most = affordable(problem, law)
    except NotApplicable as reason:
        return [skipped(KIND, name, str(reason)) for name in names]
    states = states.first(most)
    at_minimum = stochastic_gradients(problem, problem.x_star[None], outcomes)
    apart = stochastic_gradients(problem, states.X, outcomes) - at_minimum
    p = outcomes.probability
    second = np.sum(apart**2, axis=-1) @ p
    centred = np.sum((apart - states.gradient[:, None, :]) ** 2, axis=-1) @ p
    noise = np.sum(at_minimum**2, axis=-1) @ p
    noise_rounding = square_rounding(problem, constants, problem.x_star[None], noise) + 1e-11 * sigma2

    def against(name: str, value: float, measured: Array) -> Evidence:
        lost = square_rounding(problem, constants, states.X, np.maximum(second, noise))
        slop = 2 * value * states.rounding + 4 * lost
        return compare(KIND, name, 2 * value * states.gap, measured, slop, lambda k: states.names[k])

    return [
        against(names[0], Lcal, second),
        against(names[1], R, centred),
        compare(KIND, names[2], np.array([sigma2]), noise, noise_rounding, lambda k: "x*"),
    ]
