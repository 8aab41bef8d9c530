"""The claims of the assumptions that a theorem makes, evaluated at the states of a cell and at pairs of points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from samtheory.assumptions import assumptions, formula_symbols, symbols
from samtheory.assumptions.claim import Claim, Domain
from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.problem.at_pairs import AtSharedPairs, pair
from samtheory.problem.at_points import AtPoints
from samtheory.problem.at_weights import AtWeights
from samtheory.problem.evaluation import BLOCK, context_of
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.schedules import Schedule
from samtheory.theorems.plan import Plan

from .evidence import Evidence, compare, skipped, together
from .pairs import KINDS, EvaluatedPairs, around, between, kind_of, members_of, met
from .span_pairs import span_pairs
from .states import Points, States

KIND = "hypothesis"
#: The domains that are the same at all points, and those of means over functions.
FIXED = (Domain.MINIMISER, Domain.WEIGHT)
MEANS = (Domain.PAIRS_OF_COMPONENTS, Domain.PAIRS_OF_SAMPLED)


class Batch(NamedTuple):
    """Quantities at some points or pairs.

    Attributes
    ----------
    at : the quantities
    where : the words for the location of an entry, from its flat index
    """

    at: Any
    where: Callable[[int], str]


def hypotheses(constants: Constants, plan: Plan, states: States) -> list[Evidence]:
    """A piece of evidence for each claim of each assumption that the plan's theorem makes."""
    numbers = claimed_numbers(states.problem, constants)
    made = (each for each in assumptions().values() if each.always or each.word in plan.theorem.assumptions)
    claims = (claim for each in made for claim in each.claims)
    given = [claim for claim in claims if all(getattr(numbers, name) is not None for name in claim.constants)]
    spanned = in_span(given, numbers, states, plan.schedule)
    return [spanned.get(claim) or judged(claim, numbers, states, plan.schedule) for claim in given]


def in_span(claims: Sequence[Claim], numbers: Numbers, states: States, schedule: Schedule) -> dict[Claim, Evidence]:
    """The evidence on claims about every component or outcome of a large linear model: all of them, pair after pair."""
    found: dict[Claim, list[Evidence]] = {}
    for kind in ("component", "outcome"):
        mine = [claim for claim in claims if claim.domain in KINDS and kind_of(claim.domain, states.law) == kind]
        spanned = span_pairs(states.problem, states.law, kind) if mine else None
        if spanned is None:
            continue
        around = spanned.around(states.around) if states.around else ()
        for pairs in chain(spanned.met(states, schedule), around):
            for claim in mine:
                found.setdefault(claim, []).append(compared(claim, numbers, of_pairs(claim.domain, pairs)))
    return {claim: together(pieces) for claim, pieces in found.items()}


@dataclass(frozen=True)
class Numbers:
    """What is claimed, as attributes: the constants of formulas, and those of the problem alone.

    Equal numbers of one problem are equal objects.
    """

    problem: Problem
    of_formulas: tuple[tuple[str, float | None], ...]

    def __getattr__(self, name: str) -> Any:
        found = dict(self.of_formulas)
        if name not in symbols():
            raise AttributeError(name)
        value = found[name] if name in found else getattr(self.problem, name)
        return getattr(value, "values", value)


def claimed_numbers(problem: Problem, constants: Constants) -> Numbers:
    """The numbers that a problem and a theorem's constants claim."""
    return Numbers(problem, tuple((name, constants.numbers.get(name)) for name in formula_symbols()))


def judged(claim: Claim, numbers: Numbers, states: States, schedule: Schedule) -> Evidence:
    """The comparison of both sides of a claim, or of its consequence where its own domain is too large."""
    try:
        if claim.domain in FIXED:
            return together(judged_around(claim, numbers, states.parts[-1]))
        found = [compared(claim, numbers, batch) for batch in batches(claim.domain, states.met, states, schedule)]
        return together(found + (judged_around(claim, numbers, states.around) if states.around else []))
    except NotApplicable as reason:
        if claim.consequence is None:
            return skipped(KIND, claim.name, str(reason))
        return judged(claim.consequence, numbers, states, schedule)


@lru_cache(maxsize=256)
def judged_around(claim: Claim, numbers: Numbers, points: Points) -> list[Evidence]:
    """The comparisons at the points around the centre, which do not depend on the steps."""
    return [compared(claim, numbers, batch) for batch in batches(claim.domain, points)]


def compared(claim: Claim, numbers: Numbers, batch: Batch) -> Evidence:
    """The comparison of both sides of a claim."""
    left, right, rounding = np.broadcast_arrays(*claim.sides(batch.at, numbers))
    if claim.signed:
        left, right = left - right, np.zeros_like(left)
    return compare(KIND, claim.name, right, left, rounding, batch.where)


def batches(
    domain: Domain, points: Points, states: States | None = None, schedule: Schedule | None = None
) -> Iterator[Batch]:
    """The quantities of a domain at the points around the centre, or at those that the runs of `states` have met.

    Raises
    ------
    NotApplicable
        If its functions are too many, or no minimiser is known.
    """
    problem, law = points.problem, points.law
    match domain:
        case Domain.POINT:
            yield Batch(points.at, points.names.__getitem__)
        case Domain.COMPONENT:
            yield from component_batches(points)
        case Domain.MINIMISER:
            yield Batch(at_minimiser(problem, law), lambda k: "x*")
        case Domain.WEIGHT:
            at = at_weights(problem, law)
            yield Batch(at, lambda k: f"component {at.members[k]}")
        case Domain.SHARED_PAIR:
            apart = between(members_of(problem, law, ""), points, 2 * len(points))
            yield Batch(
                AtSharedPairs(context_of(problem), law, pair(apart.x[:, 0], apart.y[:, 0])), apart.names.__getitem__
            )
        case _:
            kind = kind_of(domain, law)
            found = around(points, kind) if states is None or schedule is None else met(states, kind, schedule)
            yield from (of_pairs(domain, pairs) for pairs in found)


def of_pairs(domain: Domain, pairs: EvaluatedPairs) -> Batch:
    """The quantities of pairs that a domain is about: each, or means over the members."""
    return Batch(pairs.means, pairs.names.__getitem__) if domain in MEANS else Batch(pairs.at, pairs.where)


def component_batches(points: Points) -> Iterator[Batch]:
    """The quantities of every component, at all points together where they are few, else at some points at a time."""
    n = points.problem.n
    size = max(1, BLOCK // n)
    for begin in range(0, len(points), size):
        names = points.names[begin : begin + size]
        at = points.at
        if size < len(points):
            at = AtPoints(at.context, points.law, points.X[begin : begin + size])
        yield Batch(at, lambda k, names=names: f"{names[k // n]}, component {k % n}")  # type: ignore[misc]


@lru_cache(maxsize=16)
def at_minimiser(problem: Problem, law: Law) -> AtPoints:
    """The quantities at x*."""
    if problem.x_star is None:
        raise NotApplicable("no minimiser x* is known")
    return AtPoints(context_of(problem), law, problem.x_star[None])


@lru_cache(maxsize=16)
def at_weights(problem: Problem, law: Law) -> AtWeights:
    """The quantities of the weights."""
    return AtWeights(problem, law)
