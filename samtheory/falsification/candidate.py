"""A candidate for a counterexample: an instance, a start and a schedule; the theorem's plan there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from samtheory.constants import Constants
from samtheory.errors import InputError, NotApplicable
from samtheory.schedules import Listed, Rule
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

from .instances.arithmetic import FLOAT
from .instances.base import InfeasibleInstance, Instance, Point, mean, squared

#: rho stays this much below rho_max, and gamma below gamma_max, relatively.
MARGIN = 1e-9
#: Distances at which f is a parabola around 0, relative to a landmark.
SHORT = 1e-6
#: What makes a theorem say nothing of a candidate: no such instance, outside its limits, or overflow.
NOTHING_SAID = (InfeasibleInstance, NotApplicable, InputError, ZeroDivisionError, OverflowError)


@dataclass(frozen=True)
class Burst:
    """Other values of gamma and rho in the first steps.

    Attributes
    ----------
    steps : how many, at least 1
    gamma, rho : the factors by which they differ from the later ones
    """

    steps: int
    gamma: float
    rho: float

    def of(self, value: float, factor: float) -> Rule:
        """The schedule that ends in `value`."""
        return value if factor == 1 else Listed((factor * value,) * self.steps + (value,))


@dataclass(frozen=True)
class Candidate:
    """An instance, a start and a schedule at which a theorem is evaluated.

    Attributes
    ----------
    instance : the finite sum and the sampling
    x : the start, in units of `scale`, or relative to `landing`
    lam : a number or a rule
    rho_fraction, gamma_fraction : the steps, as fractions of the largest that the theorem allows (of 10/Lambda and
        10/L where it has no limit)
    burst : other values in the first steps; None for constant rho and gamma
    rho, gamma : the steps themselves, where they are fixed
    scale : 1, rho_0 or gamma_0 rho_0 by the number of factors 0, 1 or 2: SAM stalls at such distances
    landing : number of the landmark of the instance near which the first step is to end; None for a start of one's own
    steps : how many are followed, at least 1
    """

    instance: Instance
    x: Point
    lam: Rule
    rho_fraction: float
    gamma_fraction: float
    burst: Burst | None = None
    rho: Rule | None = None
    gamma: Rule | None = None
    scale: int = 0
    landing: int | None = None
    steps: int = 1

    def start(self, gamma: float, rho: float) -> Point:
        """x in units of 1, from the first gamma and rho."""
        marks = list(self.instance.landmarks()) if self.landing is not None else []
        if self.landing is not None and marks:
            target = marks[self.landing % len(marks)] * (1 + self.x[0])
            # A step of gradient descent from near 0 multiplies by 1 - gamma f''(0).
            near = SHORT * target
            factor = 1 - gamma * mean(self.instance.gradients((near,), FLOAT))[0] / near
            return (target / factor,)
        unit = rho ** (self.scale > 0) * gamma ** (self.scale > 1)
        return tuple(unit * part for part in self.x) if self.scale else self.x

    def started_at(self, x: Point) -> Candidate:
        """The candidate with a start in units of 1."""
        return replace(self, x=x, scale=0, landing=None)


@dataclass(frozen=True)
class Planned:
    """A plan for a candidate.

    Attributes
    ----------
    x : the start
    V : the value of the theorem's `lyapunov` there
    rho, gamma : None where the theorem itself fixes them
    """

    plan: Plan
    x: Point
    V: float
    rho: Rule | None
    gamma: Rule | None


def excluded(theorem: Theorem, constants: Constants, lam: Rule) -> str | None:
    """Reason why the theorem covers no such problem; None if it does.

    What this project objects to in a theorem of the paper is no part of that theorem; in any other it is an assumption.
    """
    return theorem.why_not_applicable(constants, lam, allow_outside=theorem.status == "paper") or theorem.unmet(
        constants
    )


def planned(theorem: Theorem, constants: Constants, candidate: Candidate) -> Planned:
    """The theorem's plan at the candidate's start and steps.

    Raises
    ------
    InfeasibleInstance, NotApplicable, InputError
        If the theorem says nothing there.
    """
    rho, gamma = steps(theorem, constants, candidate)
    first = (first_of(gamma), first_of(rho))
    x = candidate.start(*first)
    try:
        V = lyapunov(theorem, candidate, x)
        return Planned(at(theorem, constants, candidate.lam, V, rho, gamma), x, V, rho, gamma)
    except NotApplicable:
        if candidate.burst is not None:
            raise
    own = at(theorem, constants, candidate.lam, 1.0)
    x = candidate.start(*own.schedule.at(0)[:2])
    V = lyapunov(theorem, candidate, x)
    return Planned(at(theorem, constants, candidate.lam, V), x, V, None, None)


def at(
    theorem: Theorem, constants: Constants, lam: Rule, V: float, rho: Rule | None = None, gamma: Rule | None = None
) -> Plan:
    """The plan that starts from V."""
    return theorem.plan(constants, lam, rho, gamma, delta0=V, allow_outside=True)


def lyapunov(theorem: Theorem, candidate: Candidate, x: Point) -> float:
    """The start of the theorem's bound: f(x) - f* or ||x - x*||^2."""
    return float(candidate.instance.value(x, FLOAT) if theorem.lyapunov == "gap" else squared(x))


def first_of(value: Rule) -> float:
    """Its value at t = 0."""
    return float(value(0)) if callable(value) else float(value)


def steps(theorem: Theorem, constants: Constants, candidate: Candidate) -> tuple[Rule, Rule]:
    """rho and gamma that the theorem allows, at every time.

    Raises
    ------
    InfeasibleInstance
        If the candidate's own are not allowed.
    """
    rho_max, gamma_max = theorem.limits(constants, candidate.lam)
    burst, rho, gamma = candidate.burst or Burst(1, 1.0, 1.0), candidate.rho, candidate.gamma
    if rho is None:
        rho = candidate.rho_fraction * (rho_max if rho_max < math.inf else 10 / constants.Lambda)
        rho = burst.of(rho, burst.rho)
    values = rho.values if isinstance(rho, Listed) else (first_of(rho),)
    for value in values:
        if not (value < rho_max or (value == rho_max and (theorem.closed or value == 0))):
            raise InfeasibleInstance
    largest = min(map(gamma_max, values))
    if gamma is None:
        gamma = candidate.gamma_fraction * (1 - MARGIN) * (largest if largest < math.inf else 10 / constants.L)
        gamma = burst.of(gamma, burst.gamma)
    if not all(0 < value <= largest for value in (gamma.values if isinstance(gamma, Listed) else (first_of(gamma),))):
        raise InfeasibleInstance
    return rho, gamma
