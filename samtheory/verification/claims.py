"""The claims of the assumptions that a theorem makes, evaluated at the states of a cell and at pairs of points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from samtheory.assumptions import assumptions, symbols
from samtheory.assumptions.claim import Claim, Domain
from samtheory.constants import Constants
from samtheory.errors import NotApplicable
from samtheory.problem.at_pairs import AtSharedPairs
from samtheory.problem.at_points import AtPoints
from samtheory.problem.at_weights import AtWeights
from samtheory.problem.evaluation import context_of
from samtheory.problem.problem import Problem
from samtheory.sampling.law import Law
from samtheory.schedules import Schedule
from samtheory.theorems.plan import Plan

from .evidence import Evidence, compare, skipped
from .pairs import EvaluatedPairs, around, between, kind_of, members_of, met
from .states import States

KIND = "hypothesis"


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
    numbers, places = claimed_numbers(states.problem, constants), Places(states, plan.schedule)
    made = (each for each in assumptions().values() if each.always or each.word in plan.theorem.assumptions)
    claims = (claim for each in made for claim in each.claims)
    return [
        judged(claim, numbers, places) for claim in claims if all(vars(numbers)[n] is not None for n in claim.constants)
    ]


def claimed_numbers(problem: Problem, constants: Constants) -> SimpleNamespace:
    """What is claimed, as attributes: the constants of formulas, and those of the problem alone."""
    found = {name: getattr(constants if symbol.in_formulas else problem, name) for name, symbol in symbols().items()}
    return SimpleNamespace(**{name: getattr(value, "values", value) for name, value in found.items()})


def judged(claim: Claim, numbers: SimpleNamespace, places: Places) -> Evidence:
    """The comparison of both sides of a claim, of its consequence where its own domain is too large."""
    try:
        batches = list(places.of(claim.domain))
        return compared(claim, numbers, batches)
    except NotApplicable as reason:
        if claim.consequence is None:
            return skipped(KIND, claim.name, str(reason))
        return judged(claim.consequence, numbers, places)


def compared(claim: Claim, numbers: SimpleNamespace, batches: list[Batch]) -> Evidence:
    """The comparison of both sides of a claim at all entries of the batches."""
    sides = [np.broadcast_arrays(*claim.sides(batch.at, numbers)) for batch in batches]
    left, right, rounding = (np.concatenate([side[k].ravel() for side in sides]) for k in range(3))
    ends = np.cumsum([side[0].size for side in sides])

    def where(k: int) -> str:
        which = int(np.searchsorted(ends, k, side="right"))
        return batches[which].where(k - int(ends[which - 1] if which else 0))

    if claim.signed:
        left, right = left - right, np.zeros_like(left)
    return compare(KIND, claim.name, right, left, rounding, where)


@dataclass(frozen=True)
class Places:
    """The points and pairs of each domain.

    Parameters
    ----------
    schedule : the parameters of the ascent steps
    """

    states: States
    schedule: Schedule

    def of(self, domain: Domain) -> Iterator[Batch]:
        """The quantities of a domain.

        Raises
        ------
        NotApplicable
            If its functions are too many, or no minimiser is known.
        """
        problem, law, parts = self.states.problem, self.states.law, self.states.parts
        match domain:
            case Domain.POINT:
                yield from (Batch(part.at, part.names.__getitem__) for part in parts)
            case Domain.COMPONENT:
                yield from (Batch(part.at, component_of(part.names, problem.n)) for part in parts)
            case Domain.MINIMISER:
                yield Batch(at_minimiser(problem, law), lambda k: "x*")
            case Domain.WEIGHT:
                at = at_weights(problem, law)
                yield Batch(at, lambda k: f"component {at.members[k]}")
            case Domain.SHARED_PAIR:
                for part in parts:
                    apart = between(members_of(problem, law, ""), part, len(self.states))
                    yield Batch(AtSharedPairs(context_of(problem), law, apart.Z[:, 0]), apart.names.__getitem__)
            case Domain.PAIRS_OF_COMPONENTS | Domain.PAIRS_OF_SAMPLED:
                yield from (Batch(pairs.means, pairs.names.__getitem__) for pairs in self.pairs(domain))
            case _:
                yield from (Batch(pairs.at, pairs.where) for pairs in self.pairs(domain))

    def pairs(self, domain: Domain) -> Iterator[EvaluatedPairs]:
        """The pairs of the functions of a domain: at the states that runs have met, and around the centre."""
        kind = kind_of(domain, self.states.law)
        yield met(self.states, kind, self.schedule)
        if self.states.around is not None:
            yield around(self.states.around, kind)


def component_of(names: Sequence[str], n: int) -> Callable[[int], str]:
    """The words for the entries of every component at each point."""
    return lambda k: f"{names[k // n]}, component {k % n}"


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
