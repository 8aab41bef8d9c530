"""The state that the searches on one problem share, and their findings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from samtheory._typing import Array
from samtheory.assumptions import assumptions, symbols
from samtheory.assumptions.base import Values
from samtheory.assumptions.claim import Claim
from samtheory.execution.time_limit import in_time, rows_in_time, share
from samtheory.problem.at_pairs import ends, pair_quantities
from samtheory.problem.evaluation import BLOCK, EvaluationContext, cost, in_blocks
from samtheory.problem.families import Family, Which, components, sampled, whole
from samtheory.problem.problem import Problem
from samtheory.problem.second_moment import enumerable
from samtheory.sampling.full import Full
from samtheory.sampling.law import Draw, Law, Outcomes
from samtheory.status import Status

from .ascent import Found, local_ascent
from .growth import growth
from .inequality import ClaimInequality, at_pair
from .lipschitz_search import (
    LipschitzEstimate,
    among,
    lipschitz_estimate,
    points_of_large_curvature,
    stationary,
)
from .point_pool import CandidatePoints, candidate_points
from .tolerant import Tolerant

#: Ascents a claim at level 1, and the multiplications that a step of all of them may take.
ASCENTS, ASCENT_WORK = 4, 500_000
#: Random walks a claim at level 1, and the multiplications that a step of all of them may take.
WALKERS, WALKS = 200, 200_000
#: Iterations towards the components' minimisers, and the values of f_i computed where they end.
DESCENT, OWN_VALUES = 80, 4_000_000
#: Outcomes times dimension up to which every sampled function is searched by itself.
OUTCOMES = 20_000
#: Sampled functions that are searched where there are more outcomes.
DRAWS = 64
#: What a search saw is moved to the safe side by this fraction.
SAFE = 1e-3


@dataclass(frozen=True)
class Finding:
    """The result of a search for a place where one constant, or one property, is wrong.

    Attributes
    ----------
    name : the constant; "gradients", or a word of `constants.ASSUMPTIONS`
    claimed : its value (of the component where it is worst), None for a property
    verdict : consistent, falsified, not claimed; certified or loose after a proof; undecided
    best_known : the strongest value that no point evaluated contradicts
    method : the search, in words
    evaluations : points evaluated
    witness : the point, both sides and their ratio, where falsified
    provenance : that of the claimed constant, a key of `constants.PROVENANCE`
    constant : the constant whose value is `claimed`, None for a property
    together : the constants that the same inequality judges
    sampled : whether it depends on the sampling
    cause : the wrong constants that it follows from, None where it is wrong by itself or not wrong
    line : both sides along a line through the witness, see `ClaimInequality.line`; None without one
    """

    name: str
    claimed: float | None
    verdict: Status
    best_known: float | None
    method: str
    evaluations: int
    witness: dict[str, Any] | None = None
    provenance: str = ""
    constant: str | None = None
    together: tuple[str, ...] = ()
    sampled: bool = False
    cause: str | None = None
    line: dict[str, list[float | None]] | None = None


@dataclass(frozen=True)
class Estimate:
    """A family of functions with the steepest pair of each.

    Attributes
    ----------
    probability : (count,) of the members, None where they are a few draws of a sampling
    """

    family: Family
    found: LipschitzEstimate
    probability: Array | None


class Searched(NamedTuple):
    """The outcome of a search: the worst points, and the points from which best values are known."""

    inequality: ClaimInequality
    found: Found
    method: str
    evaluated: Array


class ProblemSearch:
    """The state that the searches on one problem share.

    Parameters
    ----------
    problem : the problem with its claims
    entropy : seed of everything random
    level : multiplies the number of evaluations

    Attributes
    ----------
    asked, of_components : the problem whose functions are asked first, and the search for its values against its
        gradients: of this problem, or of a part of a large one
    """

    def __init__(self, problem: Problem, entropy: Sequence[int], level: int = 1) -> None:
        with share(0.2):
            self.ask_first(problem)
        self.asked, self.of_components = problem, self
        self.objective = Tolerant(problem.objective)
        self.problem = replace(problem, objective=self.objective)
        self.entropy, self.level = list(entropy), level
        self._sampled: dict[Law, Estimate] = {}
        #: The inequality and the worst point of every falsified finding, by its name and the law, or None without one.
        self.outcomes: dict[tuple[str, Law | None], tuple[ClaimInequality, Array]] = {}

    def ask_first(self, problem: Problem) -> None:
        """Values and gradients at the start: an error there is bad input, not a finding."""
        problem.objective.values(problem.x0[None])
        problem.objective.gradients(problem.x0[None])

    def growth(self) -> str | None:
        """What is seen where the Lipschitz ratio of grad f grows with the radius; None where it does not."""
        return growth(self.problem, self.points.size)

    def special(self, claim: Claim, constants: Any, law: Law | None) -> Searched | None:
        """A search of its own for a claim, by a kind of problem that has one."""
        return None

    def shared_pairs(self) -> Array:
        """The steepest pairs of f and of the components with the largest L_i, (k, 2, d)."""
        steepest = np.argsort(-self.problem.L_i.values, kind="stable")[:DRAWS]
        return np.concatenate([self.f.found.pair, self.components.found.pair[steepest]])

    def seen_smoothness(self, component: int, best: float) -> Array:
        """The L_i, those that the search has seen to be wrong moved to what it saw, (n,)."""
        estimate, L_i = self.components, self.problem.L_i.values
        at = pair_quantities(estimate.family, estimate.found.pair, np.arange(estimate.family.count))
        with np.errstate(all="ignore"):
            ratio = np.nan_to_num(at.change.value / at.distance.value * (1 + SAFE), nan=0.0, posinf=0.0)
        return np.array(np.where(estimate.found.ratio > L_i, ratio, L_i))

    def prepare(self) -> None:
        """Compute what every search needs, each with its share of the time."""
        with share(0.5):
            _ = self.problem.objective.reference
        with share(0.25):
            _ = self.points
        with share(0.5):
            _ = self.context.precision, self.context.gap_resolution

    def rng(self, name: str) -> np.random.Generator:
        """The generator of the search `name`, independent of every other search."""
        return np.random.default_rng([*self.entropy, *hashlib.blake2b(name.encode(), digest_size=8).digest()])

    def claimed(self, law: Law | None) -> dict[str, Values]:
        """The assumptions that are claimed under a law, with their constants; under the full batch without one."""
        return self.problem.claimed(self.problem.law(Full()) if law is None else law)

    def constants(self, law: Law | None) -> SimpleNamespace:
        """The claimed constants as attributes: numbers, arrays of shape (n,), or None."""
        return self.constants_of(
            {name: value for values in self.claimed(law).values() for name, value in values.items()}
        )

    @staticmethod
    def constants_of(found: Mapping[str, Any]) -> SimpleNamespace:
        """Constants by name as attributes: numbers, arrays of shape (n,), or None."""
        return SimpleNamespace(**{name: getattr(found.get(name), "values", found.get(name)) for name in symbols()})

    def provenance(self, name: str, law: Law | None) -> str:
        """The provenance of a claimed constant."""
        (value,) = (values[name] for values in self.claimed(law).values() if name in values)
        return str(value.provenance)

    @cached_property
    def points(self) -> CandidatePoints:
        """The points at which every claim is evaluated."""
        return candidate_points(self.problem, self.level, self.rng("places"))

    @cached_property
    def context(self) -> EvaluationContext:
        """The rounding errors of values and gradients."""
        return EvaluationContext(self.problem, self.points.size)

    @cached_property
    def ascents(self) -> int:
        """Ascents a claim."""
        most = ASCENTS * self.level
        room = ASCENT_WORK * self.level // cost(self.problem)
        return 0 if self.problem.region else min(room, most)

    @cached_property
    def walkers(self) -> int:
        """Random walks a claim."""
        most = WALKERS * self.level
        return 0 if self.problem.region else int(np.clip(WALKS // cost(self.problem), 0, most))

    @cached_property
    def own(self) -> Array:
        """Points where each f_i is nearly stationary, (n, S, d)."""
        X, n = self.points.X, self.problem.n
        starts = X[self.rng("starts").permutation(len(X))[: 1 + self.level]]
        starts = np.concatenate([X[: self.points.centres], starts])[: 3 + self.level]
        L_i = self.problem.L_i.values
        first = 1 / np.where(L_i > 0, L_i, 1.0)
        steps = DESCENT if n * self.problem.d < 100_000 else DESCENT // 8
        return stationary(components(self.context), np.broadcast_to(starts, (n, *starts.shape)), steps, first)

    @cached_property
    def own_lowest(self) -> tuple[Which, Array, Array]:
        """For some components (all, if few): their numbers (m,), their lowest points (m, d), the values there (m,)."""
        d = self.problem.d
        none = np.zeros(0, dtype=np.intp), np.zeros((0, d)), np.zeros(0)
        return none if self.problem.region else in_time(0.2, self._own_lowest, none)

    def _own_lowest(self) -> tuple[Which, Array, Array]:
        n, d, S, width = self.problem.n, self.problem.d, self.own.shape[1], self.objective.values_for_one
        members = np.sort(self.rng("own").permutation(n)[: max(OWN_VALUES // (width * S), 1)])
        points = self.own[members]
        X, which = points.reshape(-1, d), np.repeat(members, S)
        some = max(BLOCK // width, 1)
        with np.errstate(all="ignore"):
            values = [self.objective.own_values(X[k : k + some], which[k : k + some]) for k in range(0, len(X), some)]
        mine = np.nan_to_num(np.concatenate(values).reshape(len(members), S), nan=np.inf)
        best = mine.argmin(axis=1)
        return members, points[np.arange(len(members)), best], mine.min(axis=1)

    @cached_property
    def lowest_values(self) -> Array:
        """The lowest value of every f_i at the candidate points and its own, (n,)."""
        f, n = self.problem.objective, self.problem.n
        with np.errstate(all="ignore"):
            values = rows_in_time(lambda X: in_blocks(f.values, X, n), self.points.X)
        lowest = np.nan_to_num(values, nan=np.inf).min(axis=0)
        members, _, own = self.own_lowest
        lowest[members] = np.minimum(lowest[members], own)
        return np.asarray(lowest)

    @cached_property
    def components(self) -> Estimate:
        """The f_i and their steepest pairs."""
        family, X, rng = components(self.context), self.points.X, self.rng("components")
        uniform = np.full(family.count, 1 / family.count)
        if self.problem.region:
            return Estimate(family, among(family, X, rng), uniform)
        others = X[rng.permutation(len(X))[: 3 * self.level]]
        bases = np.concatenate([self.problem.x0[None], X[: self.points.centres], others])
        found, L_i = lipschitz_estimate(family, bases, self.own, self.level, rng), self.problem.L_i.values
        ratio = found.ratio / np.where(L_i > 0, L_i, np.inf)
        self.ascend(found, np.argsort(-ratio, kind="stable")[: self.ascents])
        return Estimate(family, found, uniform)

    @cached_property
    def f(self) -> Estimate:
        """f and its steepest pair, found by ascent from the steepest of a first search."""
        X, certain = self.points.X, np.ones(1)
        if self.problem.region:
            return Estimate(whole(self.context), among(whole(self.context), X, self.rng("f")), certain)
        of_components = self.components.found
        middles = of_components.pair[np.argsort(-of_components.ratio, kind="stable")[: self.ascents], 0]
        some = X[self.rng("bent").permutation(len(X))[: self.walkers]]
        curved = points_of_large_curvature(whole(self.context, len(some)), some, self.rng("bent"))[: 2 * self.ascents]
        bases = np.concatenate([X[: self.points.centres], middles, curved])
        # A copy of f for each base, so that ascents start from several of them.
        family = whole(self.context, len(bases))
        found = lipschitz_estimate(family, bases[:0], bases[:, None], self.level, self.rng("f"))
        self.ascend(found, np.argsort(-found.ratio, kind="stable")[: self.ascents])
        return Estimate(whole(self.context), found.best(), certain)

    def sampled(self, law: Law) -> Estimate:
        """The sampled functions, or some where they are too many, and their steepest pairs."""
        if law not in self._sampled:
            self._sampled[law] = self.f if law.deterministic else self._of_outcomes(law)
        return self._sampled[law]

    def _of_outcomes(self, law: Law) -> Estimate:
        """Those of the components and of f are among the pairs."""
        every = enumerable(law, max(OUTCOMES // self.problem.d, 1))
        outcomes = self._steep_draws(law) if every is None else every
        probability = None if every is None else every.probability
        family, (indices, weights) = sampled(self.context, outcomes), outcomes.draw
        if self.problem.region:
            return Estimate(family, among(family, self.points.X, self.rng("outcomes")), probability)
        of_components, of_f = self.components.found, self.f.found
        middles = np.concatenate([of_f.pair[:, 0], of_components.pair[np.argsort(-of_components.ratio)[:2], 0]])
        bases = np.concatenate([middles, self.points.X[: self.points.centres]])
        found = lipschitz_estimate(family, bases, None, 0, self.rng("outcomes"))
        lead = indices[np.arange(len(indices)), np.argmax(weights * of_components.ratio[indices], axis=1)]
        members = np.arange(family.count)
        with share(0.4):
            for pairs in (of_components.pair[lead], np.broadcast_to(of_f.pair, (family.count, *of_f.pair.shape[1:]))):
                found.offer(*ends(pairs), members)
        return Estimate(family, found, probability)

    def _steep_draws(self, law: Law) -> Outcomes:
        """The draws with the largest L_v of many."""
        drawn = law.draw(self.rng("draws"), DRAWS**2)
        steepness = (drawn.weights * self.problem.L_i.values[drawn.indices]).sum(axis=1)
        keep = np.argsort(-steepness, kind="stable")[: DRAWS * max(self.level, 1)]
        return Outcomes(Draw(drawn.indices[keep], drawn.weights[keep]), np.full(len(keep), 1 / len(keep)))

    def ascend(self, found: LipschitzEstimate, members: Which) -> None:
        """Ascents from the steepest pairs of `members`, at two distances."""
        (lipschitz,) = (claim for claim in assumptions()["smooth"].claims if claim.name == "L")
        tried = [(k, wider) for k in members for wider in (1.0, 100.0)] if self.ascents else []
        with share(0.4):
            for k, wider in tried:
                if found.ratio[k] <= 0:
                    return
                start = found.pair[k] * np.array([[1.0], [wider]])
                unit = np.array([[self.points.size], [float(np.linalg.norm(start[1]))]])
                steepest_so_far = SimpleNamespace(L=found.ratio[k])
                z, _, count = local_ascent(at_pair(lipschitz, steepest_so_far, found.family, int(k)), start, unit)
                found.offer(*ends(z[None]), np.array([k]))
                found.evaluations += count
