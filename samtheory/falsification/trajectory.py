"""The true values along the steps of Unified SAM: expectations over all paths, in any kind of number."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from samtheory.schedules import Schedule
from samtheory.theorems.base import Theorem

from .instances.arithmetic import Number, NumberType
from .instances.base import Instance, Point, mean, moved, squared, weighted
from .instances.finite_law import FiniteLaw

#: A point with its probability.
State = tuple[Number, Point]


@dataclass(frozen=True)
class Trajectory:
    """Expectations at t = 0, ..., T; x* = 0 and f* = 0.

    Attributes
    ----------
    gap, grad2, distance2 : E f(x_t) - f*, E||grad f(x_t)||^2, E||x_t - x*||^2; grad2 for t < T only, those that no
        measure is about for t <= 1 only
    """

    gap: Sequence[Number]
    grad2: Sequence[Number]
    distance2: Sequence[Number]

    def lyapunov(self, theorem: Theorem) -> tuple[Number, Number, Number]:
        """(V, W, E V+) of the theorem's one-step inequality at t = 0."""
        if theorem.lyapunov == "gap":
            return self.gap[0], self.grad2[0], self.gap[1]
        return self.distance2[0], self.gap[0], self.distance2[1]

    def measured(self, measure: str) -> list[Number]:
        """The measure at t = 0, ..., T; None at t = 0 where it is about s < t."""
        if measure in ("gap", "distance2"):
            return list(getattr(self, measure))
        kind, _, quantity = measure.partition("_")
        values = self.grad2 if quantity == "grad2" else self.gap[:-1]
        if kind == "min":
            return [None, *itertools.accumulate(values, least)]
        return [None, *(total / (t + 1) for t, total in enumerate(itertools.accumulate(values)))]


def least(first: Number, second: Number) -> Number:
    """The smaller number; of two intervals that overlap, one."""
    return min(first, second)


def trajectory(instance: Instance, law: FiniteLaw, x: Point, schedule: Schedule, T: int, measure: str) -> Trajectory:
    """The expectations over all paths of T >= 1 steps of Unified SAM from x, step after step."""
    kind, states = law.kind, [(law.kind.number(1), x)]
    numbers = zip(*(each.tolist() for each in schedule.arrays(0, T)), strict=True)
    gap, grad2, distance2 = [instance.value(x, kind)], [], [squared(x)]
    for t, parameters in enumerate(numbers):
        steps = tuple(map(kind.number, parameters))
        gradients = [instance.gradients(y, kind) for _, y in states]
        if t == 0 or measure.endswith("grad2"):
            grad2.append(sum(p * squared(mean(here)) for (p, _), here in zip(states, gradients, strict=True)))
        states = [
            (p * probability, stepped(instance, kind, y, here, chosen, steps))
            for (p, y), here in zip(states, gradients, strict=True)
            for probability, chosen in law.outcomes
        ]
        if t == 0 or measure.endswith("gap"):
            gap.append(sum(p * instance.value(y, kind) for p, y in states))
        if t == 0 or measure == "distance2":
            distance2.append(sum(p * squared(y) for p, y in states))
    return Trajectory(gap, grad2, distance2)


def stepped(
    instance: Instance,
    kind: NumberType,
    x: Point,
    here: list[Point],
    chosen: Sequence[tuple[int, Number]],
    steps: tuple[Number, ...],
) -> Point:
    """One step of Unified SAM with (gamma, rho, lam), from x with the gradients `here`, on one outcome."""
    if not chosen:
        return x
    gamma, rho, lam = steps
    g = weighted(here, chosen)
    if rho == 0:
        return moved(x, -gamma, g)
    y = moved(x, rho, ascent(g, lam, kind))
    return moved(x, -gamma, weighted(instance.gradients(y, kind), chosen))


def ascent(g: Point, lam: Number, kind: NumberType) -> Point:
    """(1 - lam + lam/||g||) g, 0 where g = 0."""
    if lam == 0 or not any(g):
        return g
    length = abs(g[0]) if len(g) == 1 else kind.sqrt(squared(g))
    return tuple((1 - lam + lam / length) * part for part in g)
