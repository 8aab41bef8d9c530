"""E V+ <= p V + q W + r, the expectation taken exactly by enumerating the sampling.

V = delta and W = ||grad f||^2, or V = ||x - x*||^2 and W = delta (`theorems.base.LYAPUNOV`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.engine.run import Method
from samtheory.errors import NotApplicable
from samtheory.methods.base import Remembering
from samtheory.methods.unified_sam import step
from samtheory.problem import distance
from samtheory.problem.evaluation import context_of
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Draw, Law
from samtheory.schedules import Schedule
from samtheory.theorems.plan import Plan
from samtheory.theorems.rollout import OneStep

from .bracket import OneStepBracket
from .enumeration import affordable, over_outcomes
from .evidence import Evidence, compare, skipped
from .states import States

KIND = "one-step"
#: The memories of a run are looked at up to this time, or the last of the states.
LAST_MEMORY = 100
#: The inequality in words, by the theorem's `lyapunov`.
NAMES = {"gap": "E delta+ <= p delta + q G + r", "distance2": "E||x+ - x*||^2 <= p ||x - x*||^2 + q delta + r"}


def one_step(problem: Problem, law: Law, plan: Plan, states: States, schedule: Schedule, method: Method) -> Evidence:
    """The theorem's one-step inequality at every state, at the state's own time of the schedule that is run."""
    of = plan.theorem.lyapunov
    try:
        _, most = affordable(problem, law)
    except NotApplicable as reason:
        return bracketed(problem, law, plan, states, schedule, method, str(reason))
    states = states.first(most)
    try:
        bound, rounding = right_side(problem, plan, states)
    except NotApplicable as reason:
        return skipped(KIND, NAMES[of], str(reason))
    measured = expected(law, schedule, method, states, of)
    return compare(
        KIND, NAMES[of], bound, measured, rounding, lambda k: states.names[k],
        more=lambda: expectation(law, schedule, method, states, lyapunov(problem, of)[1]),
    )  # fmt: skip


def right_side(problem: Problem, plan: Plan, states: States) -> tuple[Array, Array]:
    """The right side of the theorem's one-step inequality at every state, and its rounding error, (S,) each.

    Raises
    ------
    NotApplicable
        If the statement has no inequality of one step.
    """
    of, one = plan.theorem.lyapunov, inequality(plan, states.t)
    V, V_rounding = lyapunov(problem, of)
    v, w = V(states.X), states.grad2
    w_rounding = np.zeros(len(w))
    if of == "distance2":
        w, w_rounding = states.gap, states.rounding
    root = np.sqrt(np.maximum(w, 0.0))  # W is 0 where rounding makes it negative
    root_rounding = np.sqrt(np.maximum(w, 0.0) + w_rounding) - root
    terms = (1 + one.growth) * v, one.q * w, one.h * root, one.r
    # Even where p = 0, x+ itself is only as precise as x.
    rounding = np.maximum(1 + one.growth, 1e-3) * V_rounding(states.X) + np.abs(one.q) * w_rounding
    rounding = rounding + np.abs(one.h) * root_rounding
    rounding = rounding + 1e-11 * sum(map(np.abs, terms))
    return largest_case(sum(terms), rounding)


def bracketed(
    problem: Problem, law: Law, plan: Plan, states: States, schedule: Schedule, method: Method, reason: str
) -> Evidence:
    """The same from bounds on E V+, where its points are too many; skipped for `reason` where there are no bounds.

    A state at which the bound is between the two bounds, also after some outcomes are drawn, decides nothing.
    """
    of = plan.theorem.lyapunov
    try:
        if method is not step:
            raise NotApplicable(reason)
        steps = OneStepBracket(problem, law, schedule, states, of)
        bound, rounding = right_side(problem, plan, states)
    except NotApplicable as other:
        return skipped(KIND, NAMES[of], reason if method is not step else f"{reason}; {other}")
    found = steps.bracket()
    low, high, rounding = found.low, found.high, rounding + found.rounding + lyapunov(problem, of)[1](states.X)
    unsettled = np.flatnonzero((high > bound + rounding) & (low <= bound + rounding))
    rng = np.random.default_rng(0)
    for k in unsettled:
        low[k], high[k] = steps.sampled(int(k), rng)
    violated = low > bound + rounding
    settled = np.flatnonzero(violated | (high <= bound + rounding))
    measured = np.where(violated, low, high)[settled]
    drawn = bool(np.isin(unsettled, settled).any())
    basis = "statistical" if drawn or steps.f.largest_eigenvalue.provenance == "statistical" else "exact"
    compared = compare(
        KIND, NAMES[of], bound[settled], measured, rounding[settled], lambda k: states.names[settled[k]], basis
    )
    left = len(states) - len(settled)
    detail = f"bounds on the expectation, {law.count} outcomes" + (f"; {left} states left open" if left else "")
    return replace(compared, detail=detail)


def largest_case(bound: Array, rounding: Array) -> tuple[Array, Array]:
    """Smallest bound of all members in the largest case, and its rounding: (cases, members, S) to (S,)."""
    bound, rounding = np.broadcast_arrays(bound, rounding)
    for choose, axis in ((np.argmin, 1), (np.argmax, 0)):
        which = np.expand_dims(choose(bound, axis=axis), axis)
        bound, rounding = (np.take_along_axis(each, which, axis).squeeze(axis) for each in (bound, rounding))
    return bound, rounding


def inequality(plan: Plan, times: Indices) -> OneStep:
    """The plan's one-step inequality at these times, numbers of shape (cases, members, len(times)).

    Raises
    ------
    NotApplicable
        If the statement has no inequality of one step.
    """
    when, inverse = np.unique(times, return_inverse=True)
    parameters = np.array([plan.schedule.at(t) for t in when.tolist()]).reshape(-1, 3).T
    free = [plan.free(plan.delta0, t, t + 1) for t in when.tolist()]
    values = {name: np.concatenate([each[name] for each in free], axis=-1) for name in free[0]}
    found = plan.inequality_at({**dict(zip(("gamma", "rho", "lam"), parameters, strict=True)), **values})
    return OneStep(*(np.broadcast_to(part, (*part.shape[:-1], len(when)))[..., inverse] for part in found))


@lru_cache(maxsize=32)
def expected(law: Law, schedule: Schedule, method: Method, states: States, of: str) -> Array:
    """E V+ at every state, kept for the next theorem that takes the same steps."""
    return expectation(law, schedule, method, states, lyapunov(states.problem, of)[0])


def expectation(
    law: Law, schedule: Schedule, method: Method, states: States, of_point: Callable[[Array], Array]
) -> Array:
    """E of_point(x+) at every state, shape (S,)."""
    move, d = mover(states.problem, law, schedule, states, method), states.problem.d
    rows = remembered(method, law, states, schedule)
    outcomes, _ = affordable(states.problem, law)
    with np.errstate(over="ignore", invalid="ignore"):
        values = over_outcomes(rows, outcomes, lambda x, draw, which: of_point(move(x, draw, which)[:, :d]))
        return np.asarray(values @ outcomes.probability)


def lyapunov(problem: Problem, of: str) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """V and a bound on its rounding error, each of rows of points."""
    if of == "gap":
        context = context_of(problem)
        return problem.suboptimality, lambda X: problem.suboptimality_rounding(X) + context.value_rounding(X)
    return lambda X: distance.squared_distance(problem, X), lambda X: distance.rounding(problem, X)


def remembered(method: Method, law: Law, states: States, schedule: Schedule) -> Array:
    """The states, with a memory that a method keeps: that of a run at some time, or of one step from the state before.

    The two take turns, so that a memory of every age is met beside points of every kind.
    """
    if not isinstance(method, Remembering):
        return states.X
    d, every = states.problem.d, np.arange(len(states))
    move = mover(states.problem, law, schedule, states, method)
    with np.errstate(over="ignore", invalid="ignore"):
        draw = law.draw(np.random.default_rng(0), len(states))
        left = move(method.start(np.roll(states.X, 1, axis=0)), draw, every)[:, d:]
        left[1::2] = memories(method, law, states, schedule, len(left[1::2]))
    return np.hstack([states.X, np.where(np.isfinite(left).all(axis=1, keepdims=True), left, 0.0)])


def memories(method: Remembering, law: Law, states: States, schedule: Schedule, count: int) -> Array:
    """The memories of a run from x0 at its first times and at some up to the last of the states, shape (count, k)."""
    problem, rng = states.problem, np.random.default_rng(1)
    gradient = sampled_gradient(problem)
    rows, found = method.start(problem.x0[None]), []
    first, last = 1 + count // 2, max(int(states.t.max()), LAST_MEMORY)
    times = {*range(1, first), *np.geomspace(first, last, count - count // 2 + 1).round().astype(int).tolist()}
    for t in range(max(times)):
        rows = method(rows, None if law.deterministic else law.draw(rng, 1), gradient, *schedule.at(t))
        if t + 1 in times:
            found.append(rows[0, problem.d :])
    return np.array(found)[np.arange(count) % len(found)]


def sampled_gradient(problem: Problem) -> Callable[[Array, Draw | None], Array]:
    """(x, draw) -> the sampled gradient; the full one without a draw."""
    f = problem.objective
    return lambda x, draw: f.gradient(x) if draw is None else f.stochastic_gradient(x, *draw)


def mover(
    problem: Problem, law: Law, schedule: Schedule, states: States, method: Method
) -> Callable[[Array, Draw, np.ndarray], Array]:
    """(x, draw, state index) -> x+ by `method`, with the parameters of each state's own time; no draw if not random."""
    gradient = sampled_gradient(problem)
    gamma, rho, lam = (values[:, None] for values in states.over_time(schedule.at))
    return lambda x, draw, which: method(
        x, None if law.deterministic else draw, gradient, gamma[which], rho[which], lam[which]
    )
