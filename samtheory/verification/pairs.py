"""Pairs of points at which claims about pairs are evaluated: between states, along gradients, in steep directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions.claim import Domain
from samtheory.methods.unified_sam import ascent
from samtheory.problem.at_pairs import AtMeans, PairQuantities, ends, joined, quantities_between, steepest_pairs
from samtheory.problem.evaluation import BLOCK, context_of, cost
from samtheory.problem.families import Family, Which, components, sampled, whole
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.schedules import Schedule

from .enumeration import affordable, affordable_points
from .states import STATES, Points, States, spread

#: Points from which the steepest direction of a function is looked for, and the gradients that each takes.
STEEPEST, STEEPEST_COST = 6, 16
#: The share of the work that the pairs met by one run may take of pairs that do not depend on its steps.
SHARE = 64
#: The multiplications that the gradients of f at all pairs may take, and the fewest pairs.
WHOLE_WORK, FEWEST = 300_000_000, 16
#: The ascent radius where a method has none, and the size of a gradient step in units of 1/L_v.
RADIUS, STEP = 1e-3, 1e-2


class Members(NamedTuple):
    """Functions of one kind.

    Attributes
    ----------
    family : the functions
    probability : (count,) of each
    kind : "component", "outcome", or "" for f alone
    most : how many pairs of each member are affordable
    """

    family: Family
    probability: Array
    kind: str
    most: int


class PointPairs(NamedTuple):
    """A pair x, y for each of the K members at each of R locations.

    Attributes
    ----------
    x, y : (R, K, d)
    names : R words
    gradients : those of the members at x, where they are known
    """

    x: Array
    y: Array
    names: list[str]
    gradients: Array | None = None

    def some(self, which: slice) -> PointPairs:
        """The pairs at some of the locations."""
        gradients = None if self.gradients is None else self.gradients[which]
        return PointPairs(self.x[which], self.y[which], self.names[which], gradients)


#: What the functions of a domain are; f alone otherwise.
KINDS = {
    Domain.PAIR_OF_COMPONENT: "component",
    Domain.PAIRS_OF_COMPONENTS: "component",
    Domain.PAIR_OF_SAMPLED: "outcome",
    Domain.PAIRS_OF_SAMPLED: "outcome",
}


def kind_of(domain: Domain, law: Law) -> str:
    """The kind of the functions of a domain; under the full batch the only sampled function is f."""
    kind = KINDS.get(domain, "")
    return "" if law.deterministic and kind == "outcome" else kind


@lru_cache(maxsize=64)
def members_of(problem: Problem, law: Law, kind: str) -> Members:
    """The functions of a kind.

    Raises
    ------
    NotApplicable
        If the sampled functions are too many.
    """
    context, n = context_of(problem), problem.n
    if kind == "outcome":
        outcomes, most = affordable(problem, law)
        return Members(sampled(context, outcomes), outcomes.probability, kind, most)
    if kind == "component":
        return Members(components(context), np.full(n, 1 / n), kind, max(affordable_points(problem, n, 1), 2))
    most = int(np.clip(WHOLE_WORK // cost(problem), FEWEST, 4 * STATES))
    return Members(whole(context), np.ones(1), kind, most)


@dataclass(frozen=True, eq=False)
class EvaluatedPairs:
    """Pairs with their quantities, those of all members in turn.

    Attributes
    ----------
    members : the functions
    at : the quantities, (R K,)
    names : R words for the locations
    """

    members: Members
    at: PairQuantities
    names: list[str]

    @cached_property
    def means(self) -> AtMeans:
        """The means over the members."""
        return AtMeans(self.at, self.members.probability)

    def where(self, k: int) -> str:
        """The words for an entry of `at`."""
        place, member = divmod(k, self.members.family.count)
        return f"{self.names[place]}, {self.members.kind} {member}" if self.members.kind else self.names[place]


def evaluated(members: Members, pairs: PointPairs) -> EvaluatedPairs:
    """Pairs with their quantities."""
    (R, K, d), family = pairs.x.shape, members.family
    if K == 1 and R * d > BLOCK and R > 1:  # the points of f alone may be long
        size = max(1, BLOCK // d)
        parts = [evaluated(members, pairs.some(slice(k, k + size))).at for k in range(0, R, size)]
        return EvaluatedPairs(members, joined(parts), pairs.names)
    which = np.tile(np.arange(family.count), len(pairs.x))
    g = None if pairs.gradients is None else pairs.gradients.reshape(-1, d)
    at = quantities_between(family, pairs.x.reshape(-1, d), pairs.y.reshape(-1, d), which, g)
    return EvaluatedPairs(members, at, pairs.names)


@lru_cache(maxsize=128)
def met(states: States, kind: str, schedule: Schedule) -> list[EvaluatedPairs]:
    """Pairs at the states that runs have met: between them, and the ascent steps of the method."""
    members, points = members_of(states.problem, states.law, kind), states.met
    found = []
    if kind != "outcome":
        found.append(between(members, points, members.most // SHARE if kind else min(len(states), members.most)))
    if kind != "component":
        some = spread(len(points), members.most // 2)
        _, rho, lam = (values[some, None] for values in states.over_time(schedule.at))
        radius = np.where(rho > 0, rho, RADIUS)
        found.append(along(members, points, some, lambda g, which, at: radius[at] * ascent(g, lam[at]), "ascent step"))
    return [evaluated(members, pairs) for pairs in found if len(pairs.x)]


@lru_cache(maxsize=64)
def around(points: Points, kind: str) -> list[EvaluatedPairs]:
    """Pairs at the points around the centre: between them, small gradient steps, and steepest directions."""
    members = members_of(points.problem, points.law, kind)
    size = STEP / np.where(members.family.smoothness > 0, members.family.smoothness, 1.0)
    some, few = points.some(members.most // 2), points.some(min(STEEPEST, members.most // STEEPEST_COST))
    found = [
        between(members, points, members.most // 2),
        along(members, points, some, lambda g, which, at: -size[which, None] * g, "gradient step"),
        steepest(members, points, few),
    ]
    return [evaluated(members, pairs) for pairs in found if len(pairs.x)]


def between(members: Members, points: Points, most: int) -> PointPairs:
    """Pairs of successive points, and of each with the minimiser, the same for all members."""
    X, Y, names = points.X, np.roll(points.X, 1, axis=0), points.names
    words = [f"{name} and {other}" for name, other in zip(names, [*names[-1:], *names[:-1]], strict=True)]
    if (x_star := points.problem.x_star) is not None:
        X, Y = np.concatenate([X, X]), np.concatenate([Y, np.broadcast_to(x_star, Y.shape)])
        words += [f"{name} and x*" for name in names]
    some = spread(len(X), most)
    shape = (len(some), members.family.count, X.shape[1])
    x, y = (np.broadcast_to(Z[some, None], shape) for Z in (X, Y))
    return PointPairs(x, y, [words[k] for k in some])


def along(
    members: Members, points: Points, some: list[int], step: Callable[[Array, Which, Which], Array], word: str
) -> PointPairs:
    """Each of some points x with x + step(g, member, number of the point), g the gradient of the member at x."""
    K, names = members.family.count, [f"{points.names[k]}, {word}" for k in some]
    at, which = np.repeat(np.arange(len(some)), K), np.tile(np.arange(K), len(some))
    x = points.X[some][at]
    g = members.family.gradient(x, which)
    x, y, g = (each.reshape(len(some), K, -1) for each in (x, x + step(g, which, at), g))
    return PointPairs(x, y, names, g)


def steepest(members: Members, points: Points, some: list[int]) -> PointPairs:
    """Pairs along the steepest direction of each member around some of the points."""
    K = members.family.count
    x, which = np.repeat(points.X[some], K, axis=0), np.tile(np.arange(K), len(some))
    x, y = ends(steepest_pairs(members.family, x, which, np.random.default_rng(0)))
    x, y = (each.reshape(len(some), K, -1) for each in (x, y))
    return PointPairs(x, y, [f"{points.names[k]}, steepest direction" for k in some])
