"""A candidate for a counterexample: an instance, a point and steps; the theorem's claim there and the true values.

The same formulas measure in floats (for a search) and in rationals or intervals (for a proof).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from samtheory._typing import Array
from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.schedules import NAMED
from samtheory.theorems.base import MEASURES, Theorem
from samtheory.theorems.plan import Plan

from .instances.arithmetic import FLOAT, Number, NumberType
from .instances.base import InfeasibleInstance, Instance, Point, mean, moved, squared, weighted
from .instances.facts import InstanceFacts
from .instances.finite_law import FiniteLaw

#: rho stays this much below rho_max, and gamma below gamma_max, relatively.
MARGIN = 1e-9
#: An excess of this much, relatively, is rounding.
ROUNDING = 1e-10
#: The score of exceeding a bound of 0.
BEYOND = 1e300
#: What makes a theorem say nothing of a candidate: no such instance, outside its limits, or overflow.
NOTHING_SAID = (InfeasibleInstance, NotApplicable, InputError, ZeroDivisionError, OverflowError)
#: The one-step inequality in words, by the theorem's `lyapunov`.
STEP = {
    "gap": "E f(x+) - f* <= p (f(x) - f*) + q ||grad f(x)||^2 + r",
    "distance2": "E||x+ - x*||^2 <= p ||x - x*||^2 + q (f(x) - f*) + r",
}
#: The quantity bounded at t = 1, by the theorem's measure: an attribute of `StepValues`.
MEASURED = {
    "gap": "gap_after",
    "distance2": "distance2_after",
    "avg_gap": "gap",
    "min_grad2": "grad2",
    "avg_grad2": "grad2",
}


@dataclass(frozen=True)
class Candidate:
    """An instance, a point and steps at which a theorem is evaluated.

    Attributes
    ----------
    instance : the finite sum and the sampling
    x : the point
    lam : a number or a named rule, which counts at t = 0
    rho_fraction, gamma_fraction : the steps, as fractions of the largest that the theorem allows (of 10/Lambda and
        10/L where it has no limit)
    rho, gamma : the steps themselves, where they are fixed
    """

    instance: Instance
    x: Point
    lam: float | str
    rho_fraction: float
    gamma_fraction: float
    rho: float | None = None
    gamma: float | None = None


@dataclass(frozen=True)
class StepValues:
    """True values at a point and after one step from it, in one kind of number.

    Attributes
    ----------
    gap, grad2, distance2 : f(x) - f*, ||grad f(x)||^2, ||x - x*||^2
    gap_after, distance2_after : expectations over the sampling
    """

    gap: Number
    grad2: Number
    distance2: Number
    gap_after: Number
    distance2_after: Number

    def lyapunov(self, theorem: Theorem) -> tuple[Number, Number, Number]:
        """(V, W, E V+) of the theorem's one-step inequality."""
        if theorem.lyapunov == "gap":
            return self.gap, self.grad2, self.gap_after
        return self.distance2, self.gap, self.distance2_after


@dataclass(frozen=True)
class Evaluation:
    """The theorem's claim at a candidate and the true value, in floats.

    Attributes
    ----------
    score : above 0 for a violation, see `relative`
    claim : the inequality in words
    rho, gamma : None where the theorem itself fixes them
    """

    candidate: Candidate
    score: float
    claim: str
    measured: float
    bound: float
    rho: float | None
    gamma: float | None
    constants: Constants

    @property
    def ratio(self) -> float:
        """measured / bound."""
        return self.measured / self.bound if self.bound else math.inf


def step_values(instance: Instance, law: FiniteLaw, x: Point, gamma: Number, rho: Number, lam: Number) -> StepValues:
    """The expectation over the sampling of one step of Unified SAM from x; x* = 0 and f* = 0."""
    here, kind = instance.gradients(x, law.kind), law.kind
    gap_after = distance2_after = kind.number(0)
    for probability, chosen in law.outcomes:
        after = x
        if chosen:
            g = weighted(here, chosen)
            y = moved(x, rho, ascent(g, lam, kind))
            after = moved(x, -gamma, weighted(instance.gradients(y, kind), chosen))
        gap_after += probability * instance.value(after, kind)
        distance2_after += probability * squared(after)
    return StepValues(instance.value(x, kind), squared(mean(here)), squared(x), gap_after, distance2_after)


def ascent(g: Point, lam: Number, kind: NumberType) -> Point:
    """(1 - lam + lam/||g||) g, 0 where g = 0."""
    if lam == 0 or not any(g):
        return g
    length = abs(g[0]) if len(g) == 1 else kind.sqrt(squared(g))
    return tuple((1 - lam + lam / length) * part for part in g)


def at_start(lam: float | str) -> float:
    """lam_0."""
    return float(NAMED[lam](0)) if isinstance(lam, str) else lam


def attempt(theorem: Theorem, candidate: Candidate) -> Evaluation | None:
    """The theorem's claim at a candidate and the true value, in floats; None where the theorem says nothing."""
    try:
        instance = candidate.instance
        facts = InstanceFacts.of(instance, FLOAT, theorem.assumptions)
        known, law = facts.constants(), facts.law
        if excluded(theorem, known, candidate.lam):
            return None
        V = instance.value(candidate.x, FLOAT) if theorem.lyapunov == "gap" else squared(candidate.x)
        plan, rho, gamma = planned(theorem, known, candidate, V)
        worst = claim(theorem, plan, step_values(instance, law, candidate.x, *plan.schedule.at(0)))
    except NOTHING_SAID:
        return None
    if not all(map(math.isfinite, worst[:1] + worst[2:])):
        return None
    return Evaluation(candidate, *worst, rho, gamma, known)


def excluded(theorem: Theorem, constants: Constants, lam: float | str) -> str | None:
    """Reason why the theorem covers no such problem; None if it does.

    What this project objects to in a theorem of the paper is no part of that theorem; in any other it is an assumption.
    """
    return theorem.why_not_applicable(constants, lam, allow_outside=theorem.status == "paper")


def planned(
    theorem: Theorem, constants: Constants, candidate: Candidate, V: float
) -> tuple[Plan, float | None, float | None]:
    """The theorem's plan at the candidate's steps, with rho and gamma; None for both where the theorem fixes them."""
    rho, gamma = steps(theorem, constants, candidate)
    try:
        return theorem.plan(constants, candidate.lam, rho, gamma, delta0=V, allow_outside=True), rho, gamma
    except NotApplicable:
        return theorem.plan(constants, candidate.lam, delta0=V, allow_outside=True), None, None


def steps(theorem: Theorem, constants: Constants, candidate: Candidate) -> tuple[float, float]:
    """rho and gamma that the theorem allows.

    Raises
    ------
    InfeasibleInstance
        If the candidate's own are not allowed.
    """
    rho_max, gamma_max = theorem.admissible(constants, candidate.lam)
    rho, gamma = candidate.rho, candidate.gamma
    if rho is None:
        rho = candidate.rho_fraction * (rho_max if rho_max < math.inf else 10 / constants.Lambda)
    if not (rho < rho_max or (rho == rho_max and (theorem.closed or rho == 0))):
        raise InfeasibleInstance
    largest = gamma_max(rho)
    if gamma is None:
        gamma = candidate.gamma_fraction * (1 - MARGIN) * (largest if largest < math.inf else 10 / constants.L)
    if not 0 < gamma <= largest:
        raise InfeasibleInstance
    return rho, gamma


def claim(theorem: Theorem, plan: Plan, found: StepValues) -> tuple[float, str, float, float]:
    """(score, words, measured, bound) of the one-step inequality, or of the bound at t = 1 where that is nearer."""
    V, W, after = found.lyapunov(theorem)
    step = -1.0, STEP[theorem.lyapunov], math.nan, math.nan
    if theorem.inequality:
        bound = float(members_at(plan, V, W).min(axis=1).max())
        step = relative(after, bound, V), STEP[theorem.lyapunov], after, bound
    later = MEASURED.get(theorem.measure)
    if step[0] > 0 or later is None or plan.start > 1:
        return step
    measured, bound = getattr(found, later), float(plan.bound(1, V))
    words = f"the bound at t = 1 on {MEASURES[theorem.measure]}"
    return max(step, (relative(measured, bound, V), words, measured, bound))


def members_at(plan: Plan, V: float, W: float) -> Array:
    """The right sides of the one-step inequality at t = 0, shape (cases, members): each member holds in one case."""
    growth, q, r, h = (part[..., 0] for part in plan.inequality(V, 0, 1))
    return np.asarray((1 + growth) * V + q * W + h * math.sqrt(W) + r)


def relative(measured: float, bound: float, start: float) -> float:
    """Above 0, measured/bound - 1; below, (measured - bound) by how far both are from the start, -1 if by rounding.

    The ratio itself tends to 1 with every step size, whatever the theorem: a search that maximised it would end there.
    """
    excess, rounding = measured - bound, ROUNDING * (abs(measured) + abs(bound) + start)
    if excess > rounding:
        return excess / abs(bound) if bound else BEYOND
    size = abs(measured - start) + abs(bound - start)
    return min(excess, 0.0) / size if size > 1000 * rounding else -1.0
