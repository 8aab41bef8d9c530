"""The theorem's claims at a candidate against the true values, in floats."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.schedules import Rule
from samtheory.theorems.base import MEASURES, Theorem
from samtheory.theorems.plan import Plan
from samtheory.theorems.rollout import wedge

from .candidate import NOTHING_SAID, Candidate, excluded, planned
from .instances.arithmetic import FLOAT
from .instances.facts import InstanceFacts
from .trajectory import Trajectory, trajectory

#: An excess of this much, relatively, is rounding.
ROUNDING = 1e-10
#: The score of exceeding a bound of 0.
BEYOND = 1e300
#: The paths of a candidate are at most this many.
PATHS = 32
#: The one-step inequality in words, by the theorem's `lyapunov`.
STEP = {
    "gap": "E f(x+) - f* <= p (f(x) - f*) + q ||grad f(x)||^2 + r",
    "distance2": "E||x+ - x*||^2 <= p ||x - x*||^2 + q (f(x) - f*) + r",
}


@dataclass(frozen=True)
class Evaluation:
    """The theorem's claim at a candidate and the true value, in floats.

    Attributes
    ----------
    candidate : its start is in units of 1
    score : above 0 for a violation, see `relative`
    claim : the inequality in words
    t : the time of the bound; None for the one-step inequality
    rho, gamma : None where the theorem itself fixes them
    """

    candidate: Candidate
    score: float
    claim: str
    t: int | None
    measured: float
    bound: float
    rho: Rule | None
    gamma: Rule | None
    constants: Constants

    @property
    def ratio(self) -> float:
        """measured / bound."""
        return self.measured / self.bound if self.bound else math.inf


@dataclass(frozen=True)
class Comparison:
    """One inequality of the theorem: its score, its words, its time (None for one step) and its sides."""

    score: float
    words: str
    t: int | None
    measured: float
    bound: float


def attempt(theorem: Theorem, candidate: Candidate, bounds: bool = False) -> Evaluation | None:
    """The worst of the theorem's claims at a candidate; None where the theorem says nothing.

    Parameters
    ----------
    bounds : the bounds over time alone, and the last of them where none is violated: the others may be attained
    """
    try:
        facts = InstanceFacts.of(candidate.instance, FLOAT, theorem.assumptions)
        known, law = facts.constants(), facts.law
        if excluded(theorem, known, candidate.lam):
            return None
        made = planned(theorem, known, candidate)
        outcomes = len(law.outcomes)
        steps = candidate.steps if outcomes == 1 else min(candidate.steps, int(math.log(PATHS) / math.log(outcomes)))
        true = trajectory(candidate.instance, law, made.x, made.plan.schedule, max(steps, 1), theorem.measure)
        found = list(compared(theorem, made.plan, true, bounds))
        if bounds and all(each.score <= 0 for each in found):
            found = found[-1:]
        worst = max(found, key=lambda each: each.score, default=None)
    except NOTHING_SAID:
        return None
    if worst is None or not all(map(math.isfinite, (worst.score, worst.measured, worst.bound))):
        return None
    last = max(worst.t or 1, 1) if worst.score > 0 else max(steps, 1)
    shown = replace(candidate.started_at(made.x), steps=last) if worst.score > 0 else candidate
    return Evaluation(
        shown, worst.score, worst.words, worst.t, worst.measured, worst.bound, made.rho, made.gamma, known
    )


def compared(theorem: Theorem, plan: Plan, true: Trajectory, bounds: bool = False) -> Iterator[Comparison]:
    """The one-step inequality at t = 0, unless only bounds are asked for, and the bound at every time it is about."""
    V, W, after = true.lyapunov(theorem)
    if theorem.inequality and not bounds:
        bound = float(members_at(plan, V, W).min(axis=1).max())
        yield Comparison(relative(after, bound, V), STEP[theorem.lyapunov], None, after, bound)
    measured = true.measured(theorem.measure)
    times = [t for t in range(max(plan.start, 1), len(measured)) if plan.horizon in (None, t)]
    if not times:
        return
    values = np.atleast_1d(plan.bound(np.array(times), V))
    start = V if theorem.measure == theorem.lyapunov else wedge(plan)[1] * V  # W <= high V
    for t, bound in zip(times, values.tolist(), strict=True):
        score = relative(measured[t], bound, start, logarithmic=t > 1)
        yield Comparison(score, f"the bound at t = {t} on {MEASURES[theorem.measure]}", t, measured[t], bound)


def members_at(plan: Plan, V: float, W: float) -> Array:
    """The right sides of the one-step inequality at t = 0, shape (cases, members): each member holds in one case."""
    growth, q, r, h = (part[..., 0] for part in plan.inequality(V, 0, 1))
    return np.asarray((1 + growth) * V + q * W + h * math.sqrt(W) + r)


def relative(measured: float, bound: float, start: float, logarithmic: bool = False) -> float:
    """Above 0, measured/bound - 1; below, (measured - bound) by how far both are from the start, -1 if by rounding.

    The ratio itself tends to 1 with every step size, whatever the theorem: a search that maximised it would end there.
    After several steps, logarithms are compared.
    """
    excess, rounding = measured - bound, ROUNDING * (abs(measured) + abs(bound) + start)
    if excess > rounding:
        return excess / abs(bound) if bound else BEYOND
    if logarithmic:
        if not 0 < measured < bound < math.inf or not start:
            return -1.0
        measured, bound, start, rounding = math.log(measured), math.log(bound), math.log(start), ROUNDING
        excess = measured - bound
    size = abs(measured - start) + abs(bound - start)
    return min(excess, 0.0) / size if size > 1000 * rounding else -1.0
