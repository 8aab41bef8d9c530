"""Pairs of points at which claims about pairs are evaluated: between states, along gradients, in steep directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions.claim import Domain
from samtheory.methods.unified_sam import ascent
from samtheory.problem.at_pairs import AtMeans, PairQuantities, pair, pair_quantities_in_blocks, steepest_pairs
from samtheory.problem.evaluation import context_of
from samtheory.problem.families import Family, Which, components, sampled, whole
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.schedules import Schedule

from .enumeration import WORK, affordable
from .states import Points, States, spread

#: Points from which the steepest direction of a function is looked for, and the gradients that each takes.
STEEPEST, STEEPEST_COST = 6, 16
#: The share of the work that the pairs met by one run may take of pairs that do not depend on its steps.
SHARE = 8
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


class TestPairs(NamedTuple):
    """A pair for each of the K members at each of R locations.

    Attributes
    ----------
    Z : (R, K, 2, d)
    names : R words
    """

    Z: Array
    names: list[str]


#: What the functions of a domain are; f alone otherwise.
KINDS = {
    Domain.PAIR_OF_COMPONENT: "component",
    Domain.PAIRS_OF_COMPONENTS: "component",
    Domain.PAIR_OF_SAMPLED: "outcome",
    Domain.PAIRS_OF_SAMPLED: "outcome",
}


def kind_of(domain: Domain, law: Law) -> str:
    """ "component", "outcome", or "" for f alone, which the only sampled function of the full batch is."""
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
    context = context_of(problem)
    family, p = whole(context), np.ones(1)
    if kind == "component":
        family, p = components(context), np.full(problem.n, 1 / problem.n)
    elif kind:
        outcomes, _ = affordable(problem, law)
        family, p = sampled(context, outcomes), outcomes.probability
    return Members(family, p, kind, max(WORK // (family.count * family.cost), 2))


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


def evaluated(members: Members, parts: Sequence[TestPairs]) -> EvaluatedPairs:
    """Several sets of pairs with their quantities."""
    Z = np.concatenate([part.Z for part in parts])
    which = np.tile(np.arange(members.family.count), len(Z))
    at = pair_quantities_in_blocks(members.family, Z.reshape(-1, *Z.shape[2:]), which)
    return EvaluatedPairs(members, at, [name for part in parts for name in part.names])


@lru_cache(maxsize=64)
def met(states: States, kind: str, schedule: Schedule) -> EvaluatedPairs:
    """Pairs at the states that runs have met: between them, and the ascent steps of the method."""
    members, points = members_of(states.problem, states.law, kind), states.met
    found = [between(members, points, members.most // SHARE if kind else len(states))]
    if kind != "component":
        some = spread(len(points), members.most // 2)
        _, rho, lam = (values[some, None] for values in states.over_time(schedule.at))
        radius = np.where(rho > 0, rho, RADIUS)
        steps = lambda g, which, at: radius[at] * ascent(g, lam[at])  # noqa: E731
        found.append(along(members, points, some, steps, "ascent step"))
    return evaluated(members, found)


@lru_cache(maxsize=64)
def around(points: Points, kind: str) -> EvaluatedPairs:
    """Pairs at the points around the centre: between them, small gradient steps, and steepest directions."""
    members = members_of(points.problem, points.law, kind)
    size = STEP / np.where(members.family.smoothness > 0, members.family.smoothness, 1.0)
    some, few = points.some(members.most // 2), points.some(min(STEEPEST, members.most // STEEPEST_COST))
    return evaluated(members, [
        between(members, points, members.most // 2),
        along(members, points, some, lambda g, which, at: -size[which, None] * g, "gradient step"),
        steepest(members, points, few),
    ])  # fmt: skip


def between(members: Members, points: Points, most: int) -> TestPairs:
    """Pairs of successive points, and of the minimiser with each, the same for all members."""
    X, Y, names = points.X, np.roll(points.X, 1, axis=0), points.names
    words = [f"{name} and {other}" for name, other in zip(names, [*names[-1:], *names[:-1]], strict=True)]
    if (x_star := points.problem.x_star) is not None:
        X, Y = np.concatenate([X, X]), np.concatenate([Y, np.broadcast_to(x_star, Y.shape)])
        words += [f"{name} and x*" for name in names]
    some = spread(len(X), most)
    Z = pair(X[some], Y[some])[:, None]
    shape = (len(Z), members.family.count, *Z.shape[2:])
    return TestPairs(np.broadcast_to(Z, shape), [words[k] for k in some])


def along(
    members: Members, points: Points, some: list[int], step: Callable[[Array, Which, Which], Array], word: str
) -> TestPairs:
    """Each of some points x with x + step(g, member, number of the point), g the gradient of the member at x."""
    family = members.family
    at, which = np.repeat(np.arange(len(some)), family.count), np.tile(np.arange(family.count), len(some))
    x = points.X[some][at]
    Z = pair(x, x + step(family.gradient(x, which), which, at))
    return TestPairs(Z.reshape(len(some), family.count, *Z.shape[1:]), [f"{points.names[k]}, {word}" for k in some])


def steepest(members: Members, points: Points, some: list[int]) -> TestPairs:
    """Pairs along the steepest direction of each member around some of the points."""
    family = members.family
    x, which = np.repeat(points.X[some], family.count, axis=0), np.tile(np.arange(family.count), len(some))
    Z = steepest_pairs(family, x, which, np.random.default_rng(0))
    words = [f"{points.names[k]}, steepest direction" for k in some]
    return TestPairs(Z.reshape(len(some), family.count, *Z.shape[1:]), words)
