"""The claims of assumptions about an instance, without rounding: their quantities in any kind of number.

`Claim.statement` reads the same quantities here as in `problem.at_points` and `problem.at_pairs`.  A claim about
points is decided where its two sides are quadratic on each piece of the instance (`Instance.nonnegative`); any other
is tried at probes: it counts as true where none contradicts it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from samtheory.assumptions.claim import Claim, Domain

from .arithmetic import INTERVAL, Number
from .base import Instance, Point, mean, moved, squared, weighted
from .finite_law import FiniteLaw

#: Distances of probes from 0, and from each landmark relatively.
SCALES = (0.01, 1.0, 100.0)
#: The left side of a claim may exceed the right by this much in floats, relatively.
ROUNDING = 1e-9

#: A gradient.
Gradient = Callable[[Point], Point]


@dataclass(frozen=True)
class ExactPoint:
    """Quantities at a point x; those of a component are of component i."""

    instance: Instance
    law: FiniteLaw
    x: Point
    i: int = 0

    @property
    def _gradients(self) -> list[Point]:
        return self.instance.gradients(self.x, self.law.kind)

    @property
    def _at_minimiser(self) -> list[Point]:
        return self.instance.gradients((self.law.kind.number(0),) * self.instance.d, self.law.kind)

    @property
    def value(self) -> Number:
        """f(x)."""
        return self.instance.value(self.x, self.law.kind)

    gap = value

    @property
    def component_values(self) -> Number:
        """f_i(x)."""
        return self.instance.values(self.x, self.law.kind)[self.i]

    def of_members(self, values: Any) -> Number:
        """The number of component i."""
        return values[self.i]

    @property
    def square(self) -> Number:
        """||grad f(x)||^2."""
        return squared(mean(self._gradients))

    @property
    def second_moment(self) -> Number:
        """E||g||^2."""
        return self._moment(self._gradients)

    @property
    def second_moment_around(self) -> Number:
        """E||g - g*||^2."""
        return self._moment([moved(a, -1, b) for a, b in zip(self._gradients, self._at_minimiser, strict=True)])

    @property
    def variance_around(self) -> Number:
        """E||g - g* - grad f(x)||^2."""
        return self.second_moment_around - self.square

    def _moment(self, vectors: list[Point]) -> Number:
        return self.law.expectation(lambda chosen: squared(weighted(vectors, chosen)))

    def mean_square_over(self, L_i: Any) -> Number:
        """(1/n) sum ||grad f_i(x)||^2/L_i over the f_i with L_i > 0."""
        pairs = zip(self._gradients, L_i, strict=True)
        return sum(squared(g) / L for g, L in pairs if L > 0) / self.instance.n


@dataclass(frozen=True)
class ExactPair:
    """Quantities at a pair x, y for one function; `member` is the number of a component."""

    law: FiniteLaw
    gradient: Gradient
    x: Point
    y: Point
    smoothness: Number = None
    member: int = 0

    @property
    def _step(self) -> Point:
        return moved(self.x, -1, self.y)

    @property
    def _turn(self) -> Point:
        return moved(self.gradient(self.x), -1, self.gradient(self.y))

    @property
    def distance(self) -> Number:
        """||x - y||."""
        return length(self._step, self.law)

    @property
    def change(self) -> Number:
        """||grad h(x) - grad h(y)||."""
        return length(self._turn, self.law)

    @property
    def rise(self) -> Number:
        """<grad h(x) - grad h(y), x - y>."""
        return sum(a * b for a, b in zip(self._turn, self._step, strict=True))

    def of_members(self, values: Any) -> Number:
        """The number of the component."""
        return values[self.member]


@dataclass(frozen=True)
class ExactMeans:
    """Means over functions with probabilities p, all at the same pair."""

    pairs: list[ExactPair]
    p: list[Number]

    def mean_ratio(self, power: int) -> Number:
        """(sum_k p_k r_k^power)^(1/power), r_k = ||grad h_k(x) - grad h_k(y)|| / ||x - y||."""
        total = sum(p * (each.change / each.distance) ** power for each, p in zip(self.pairs, self.p, strict=True))
        return total if power == 1 else self.pairs[0].law.kind.sqrt(total)

    @property
    def distance(self) -> Number:
        """||x - y||."""
        return self.pairs[0].distance

    @property
    def mean_change(self) -> Number:
        """sqrt(E||g_v(x) - g_v(y)||^2)."""
        total = sum(p * each.change**2 for each, p in zip(self.pairs, self.p, strict=True))
        return self.pairs[0].law.kind.sqrt(total)


def length(vector: Point, law: FiniteLaw) -> Number:
    """||vector||."""
    return abs(vector[0]) if len(vector) == 1 else law.kind.sqrt(squared(vector))


def probes(instance: Instance, law: FiniteLaw) -> list[Point]:
    """Points at which claims are tried: around 0 and the landmarks, in a few directions."""
    number = law.kind.number
    directions = [(1,), (-1,)] if instance.d == 1 else [(1, 0), (0, 1), (1, 1), (1, -1), (-3, 1), (1, 3)]
    near = [tuple(number(size * part) for part in way) for size in SCALES for way in directions]
    marks = [(number(mark),) for mark in instance.landmarks()]
    around = [(number(factor) * mark[0],) for mark in marks for factor in (0.5, 0.99, 1.01, 2.0)]
    return [(number(0),) * instance.d, *near, *marks, *around]


def test_points(domain: Domain, instance: Instance, law: FiniteLaw, points: list[Point]) -> Iterator[Any]:
    """The quantities of a domain at points, or at every pair of neighbouring points."""
    if domain == Domain.WEIGHT:
        yield from (SimpleNamespace(bias=abs(each - 1)) for each in law.mean())
        return
    n, kind = instance.n, law.kind
    pairs = [(x, y) for x, y in itertools.pairwise(points) if x != y]

    def component(x: Point, i: int) -> Point:
        return instance.gradients(x, kind)[i]

    def of_f(x: Point) -> Point:
        return mean(instance.gradients(x, kind))

    def sampled(x: Point, chosen: Any) -> Point:
        return weighted(instance.gradients(x, kind), chosen)

    L_i = instance.constants(kind).L_i
    outcomes = [(p, chosen, law.average(chosen, L_i)) for p, chosen in law.outcomes if chosen]
    of_components = [(kind.number(1) / n, partial(component, i=i), L_i[i], i) for i in range(n)]
    of_outcomes = [(p, partial(sampled, chosen=chosen), L, 0) for p, chosen, L in outcomes]
    match domain:
        case Domain.POINT:
            yield from (ExactPoint(instance, law, x) for x in points)
        case Domain.MINIMISER:
            yield ExactPoint(instance, law, (kind.number(0),) * instance.d)
        case Domain.COMPONENT:
            yield from (ExactPoint(instance, law, x, i) for x in points for i in range(n))
        case Domain.PAIR_OF_F:
            yield from (ExactPair(law, of_f, x, y) for x, y in pairs)
        case Domain.PAIR_OF_COMPONENT | Domain.PAIR_OF_SAMPLED:
            members = of_components if domain == Domain.PAIR_OF_COMPONENT else of_outcomes
            yield from (ExactPair(law, g, x, y, L, i) for x, y in pairs for _, g, L, i in members)
        case Domain.PAIRS_OF_COMPONENTS | Domain.PAIRS_OF_SAMPLED | Domain.SHARED_PAIR:
            members = of_components if domain == Domain.PAIRS_OF_COMPONENTS else of_outcomes
            for x, y in pairs:
                yield ExactMeans([ExactPair(law, g, x, y) for _, g, *_ in members], [p for p, *_ in members])


def contradicted(claim: Claim, instance: Instance, law: FiniteLaw, constants: Any) -> bool:
    """Whether a probe contradicts the claim; in floats by more than rounding."""
    least = 1 if claim.domain == Domain.WEIGHT else 0  # E v_i is compared with 1
    points = [] if claim.domain == Domain.WEIGHT else probes(instance, law)
    for at in test_points(claim.domain, instance, law, points):
        left, right, _ = claim.sides(at, constants)
        tolerance = ROUNDING * (abs(left) + abs(right) + least) if law.kind.tolerance else 0
        if left > right + tolerance:
            return True
    return False


def holds(claim: Claim, instance: Instance, law: FiniteLaw, constants: Any) -> bool:
    """Whether a claim is true of the instance: decided in rationals where that is possible, else tried at probes."""
    if law.kind.tolerance or claim.domain == Domain.WEIGHT:
        return not contradicted(claim, instance, law, constants)
    if claim.domain in (Domain.POINT, Domain.COMPONENT):
        members = range(instance.n) if claim.domain == Domain.COMPONENT else range(1)
        decided = [instance.nonnegative(partial(room, claim, instance, law, constants, i)) for i in members]
        if None not in decided:
            return all(decided)
    return not contradicted(
        claim, instance.in_arithmetic(INTERVAL), law.in_arithmetic(INTERVAL), in_intervals(constants)
    )


def in_intervals(constants: Any) -> Any:
    """The constants as intervals."""
    number = INTERVAL.number
    return SimpleNamespace(
        **{name: list(map(number, v)) if isinstance(v, list) else number(v) for name, v in vars(constants).items()}
    )


def room(claim: Claim, instance: Instance, law: FiniteLaw, constants: Any, i: int, x: Point) -> Number:
    """right - left at a point."""
    left, right, _ = claim.sides(ExactPoint(instance, law, x, i), constants)
    return right - left


def least_constant(
    claim: Claim, name: str, downwards: bool, instance: Instance, law: FiniteLaw, given: Mapping[str, Any]
) -> Number | None:
    """The best value of a constant that the probes allow, if left - right is affine in it; None where none is.

    Parameters
    ----------
    downwards : whether the claim is stronger the larger the constant is
    """
    kind, limits = law.kind, []
    for at in test_points(claim.domain, instance, law, probes(instance, law)):
        excess = []
        for value in (0, 1, 2):
            left, right, _ = claim.sides(at, SimpleNamespace(**{**given, name: kind.number(value)}))
            excess.append(left - right)
        slope = excess[1] - excess[0]
        if abs(excess[2] - excess[1] - slope) > kind.tolerance * max(map(abs, excess)):
            return None
        if slope * (1 if downwards else -1) > 0:
            limits.append(-excess[0] / slope)
        elif excess[0] > kind.tolerance * max(map(abs, excess)):
            return None
    return (min if downwards else max)(limits, default=None)
