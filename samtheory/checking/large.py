"""The search on a linear model that is too large for n x d numbers.

Claims about every component, or every outcome of one index, are evaluated in the numbers a_i.x (`problem.at_span`), all
others at fewer points than usual.  Values and gradients are compared on a part: some rows, and the features in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from samtheory._typing import Array, Indices
from samtheory.assumptions.claim import Claim, Domain
from samtheory.constants import exact
from samtheory.execution.time_limit import OutOfTime, keep_time, share
from samtheory.objectives.lengths import length
from samtheory.objectives.linear import LinearModel
from samtheory.objectives.rows import dense
from samtheory.problem.at_pairs import CLOSE, AtMeans, PairQuantities, ends, steepest_pairs
from samtheory.problem.at_points import AtPoints
from samtheory.problem.at_span import InSpan
from samtheory.problem.evaluation import TINY, cost
from samtheory.problem.families import sampled, whole
from samtheory.problem.problem import Problem
from samtheory.problem.quantity import Quantity
from samtheory.sampling.law import Draw, Law, Outcomes
from samtheory.sampling.single import SingleLaw

from .ascent import Found
from .inequality import ClaimInequality, at_point
from .lipschitz_search import LipschitzEstimate
from .point_pool import SCALES, CandidatePoints, descents, unique
from .search import DRAWS, Estimate, ProblemSearch, Searched

#: Linear models with more numbers, zeros included, are searched so.
LARGE = 4_000_000
#: The rows of the part; the numbers in all points; the multiplications of f at all of them; the points of pairs.
PART, NUMBERS, WORK, FEW = 32, 10_000_000, 500_000_000, 4
#: A step along the gradient of a component, in units of 1/L_i.
STEP = 1e-2
IN_SPAN = "pairs of points, steps along gradients and rows, for every one of them from the numbers a_i.x"
AT_POINTS = "every component at points around minimisers and start at 7 scales; descents of {} components"


class SpanPair(NamedTuple):
    """Pairs x, y_i for every component.

    Attributes
    ----------
    x : (d,)
    y : member -> the other point, (d,)
    at : () -> the quantities, (n,)
    """

    x: Array
    y: Callable[[int], Array]
    at: Callable[[], PairQuantities]


class LargeSearch(ProblemSearch):
    """`ProblemSearch` of a large linear model.

    Parameters
    ----------
    problem, entropy, level : see `ProblemSearch`
    """

    def __init__(self, problem: Problem, entropy: Sequence[int], level: int = 1) -> None:
        linear = problem.objective.as_linear_model()
        assert linear is not None
        self.linear: LinearModel = linear
        super().__init__(problem, entropy, level)
        steepest = np.argsort(-problem.L_i.values, kind="stable")
        others = self.rng("part").permutation(steepest[PART // 2 :])[: PART // 2]
        self.members = np.sort(np.concatenate([steepest[: PART // 2], others]))
        self.asked = part_of(problem, linear, self.members)
        self.of_components = ProblemSearch(self.asked, entropy, level)

    def ask_first(self, problem: Problem) -> None:
        problem.objective.values(problem.x0[None])

    def growth(self) -> str | None:
        return None  # the Hessian of a linear model is bounded

    @cached_property
    def ascents(self) -> int:
        return 0

    @cached_property
    def walkers(self) -> int:
        return 0

    @cached_property
    def points(self) -> CandidatePoints:
        problem, d, rng = self.problem, self.problem.d, self.rng("places")
        anchors = [problem.x0, np.zeros(d)] + ([] if problem.x_star is None else [problem.x_star])
        reach = max(1.0, *(float(length(anchor)) for anchor in anchors))
        low, evaluations = descents(problem, anchors[-1:] if len(anchors) > 2 else anchors[:1], reach)
        centres = unique(np.array([low, *anchors[::-1]]))
        size = float(length(low - problem.x0)) or 1.0
        room = min(NUMBERS // d, WORK // cost(problem)) // len(SCALES)
        per_scale = int(np.clip(room, 1, 8 * max(self.level, 1)))
        X, band = [centres], [np.full(len(centres), -1)]
        for k, scale in enumerate(SCALES):
            U = rng.standard_normal((per_scale, d))
            along = rng.integers(problem.n, size=(per_scale + k % 2) // 2)
            U[: len(along)] = dense(self.linear.A[along])
            norm = length(U)[:, None]
            X.append(low + scale * size * U / np.where(norm > 0, norm, 1.0))
            band.append(np.full(per_scale, k))
        bands = np.concatenate(band)
        unit = size * np.array([*SCALES, 1.0])[bands][:, None]
        return CandidatePoints(np.concatenate(X), bands, unit, len(centres), size, evaluations)

    @cached_property
    def lowest_values(self) -> Array:
        rows = (self.problem.objective.values(x[None])[0] for x in self.points.X[:FEW])
        return np.asarray(np.minimum.reduce(list(rows)))

    def seen_smoothness(self, component: int, best: float) -> Array:
        values = np.array(self.problem.L_i.values)
        values[component] = max(values[component], best)
        return values

    @cached_property
    def f(self) -> Estimate:
        family, X, rng = whole(self.context), self.points.X, self.rng("f")
        found, one = LipschitzEstimate(family, self.problem.d), np.zeros(1, dtype=np.intp)
        with share(0.4):
            for x in X[:FEW]:
                found.offer(*ends(steepest_pairs(family, x[None], one, rng)), one)
            for x, y in pairwise(X):
                found.offer(x[None], y[None], one)
        return Estimate(family, found.best(), np.ones(1))

    def _of_outcomes(self, law: Law) -> Estimate:
        """Some draws, and their steepest pairs at the start."""
        drawn = law.draw(self.rng("draws"), int(np.clip(LARGE // law.width, 1, DRAWS**2)))
        steepness = (drawn.weights * self.problem.L_i.values[drawn.indices]).sum(axis=1)
        keep = np.argsort(-steepness, kind="stable")[: int(np.clip(NUMBERS // (4 * self.problem.d), 1, DRAWS))]
        outcomes = Outcomes(Draw(drawn.indices[keep], drawn.weights[keep]), np.full(len(keep), 1 / len(keep)))
        family, which = sampled(self.context, outcomes), np.arange(len(keep))
        found = LipschitzEstimate(family, self.problem.d)
        with share(0.4):
            X = np.repeat(self.problem.x0[None], len(keep), axis=0)
            found.offer(*ends(steepest_pairs(family, X, which, self.rng("outcomes"))), which)
        return Estimate(family, found, None)

    def shared_pairs(self) -> Array:
        return self.f.found.pair

    def special(self, claim: Claim, constants: Any, law: Law | None) -> Searched | None:
        n = self.problem.n
        match claim.domain:
            case Domain.COMPONENT:
                return self._over_components(claim, constants)
            case Domain.PAIR_OF_COMPONENT | Domain.PAIRS_OF_COMPONENTS:
                return self._in_span(claim, constants, np.ones(n), np.full(n, 1 / n), "component")
            case Domain.PAIR_OF_SAMPLED | Domain.PAIRS_OF_SAMPLED:
                if isinstance(law, SingleLaw) and law.count == n and n > 1:
                    return self._in_span(claim, constants, law.weight / n, law.p, "outcome")
        return None

    def _span_pairs(self, inside: InSpan) -> Iterator[SpanPair]:
        """Pairs between points, small steps along the gradients of the components, and along their rows."""
        f, X = self.linear, self.points.X
        L, rows = inside.w * self.problem.L_i.values, np.sqrt(f.norms2)
        for x in X[: self.points.centres]:
            h = CLOSE * (self.context.size + float(length(x)))
            q = np.divide(h, rows, out=np.zeros(f.n), where=rows > 0)
            _, c = inside.slopes(x)
            t = -STEP / np.where(L > 0, L, 1.0) * inside.w
            for p, along in ((np.zeros(f.n), q), (t * f.reg, t * c)):
                yield SpanPair(
                    x,
                    lambda i, x=x, p=p, q=along: (1 + p[i]) * x + q[i] * dense(f.A[[i]])[0],  # type: ignore[misc]
                    lambda x=x, p=p, q=along: inside.along(x, p, q),  # type: ignore[misc]
                )
        for x, y in zip(X[:FEW], X[-FEW:], strict=False):
            yield SpanPair(x, lambda i, y=y: y, lambda x=x, y=y: inside.between(x, y))  # type: ignore[misc]

    def _in_span(self, claim: Claim, constants: Any, w: Array, probability: Array, kind: str) -> Searched:
        """The worst component or outcome at the worst of the pairs."""
        means = claim.domain in (Domain.PAIRS_OF_COMPONENTS, Domain.PAIRS_OF_SAMPLED)
        worst, count = None, 0
        with share(0.8), np.errstate(all="ignore"):
            for pair in self._span_pairs(InSpan(self.context, self.linear, w)):
                keep_time()
                at: Any = pair.at()
                at = AtMeans(at, probability) if means else at
                left, right, rounding = np.broadcast_arrays(*map(np.atleast_1d, claim.sides(at, constants)))
                merit = left - rounding - right if claim.signed else (left - rounding) / np.maximum(right, TINY)
                merit = np.where(np.isfinite(merit), merit, -np.inf)
                k, count = int(np.argmax(merit)), count + self.problem.n
                if worst is None or merit[k] > worst[0]:
                    worst = float(merit[k]), pair, at if means else picked(at, k), k
        if worst is None:
            raise OutOfTime
        merit_there, pair, there, k = worst

        def location(_: Array) -> dict[str, Any]:
            if means:
                return {"x": pair.x.tolist(), kind: "every one"}
            return {"x": pair.x.tolist(), "y": pair.y(k).tolist(), kind: k}

        inequality = ClaimInequality(claim, constants, lambda Z, _: there, location, None if means else k)
        falsified = merit_there > (0 if claim.signed else 1)
        z = np.zeros(1)
        return Searched(inequality, Found(z, merit_there, falsified, count), IN_SPAN, z[None])

    def _over_components(self, claim: Claim, constants: Any) -> Searched:
        """Every component at the points, and the part's descents."""
        worst, count, X = None, 0, self.points.X
        with share(0.6):
            for x in X:
                keep_time()
                at = AtPoints(self.context, None, x[None])
                left, right, rounding = (np.ravel(side) for side in np.broadcast_arrays(*claim.sides(at, constants)))
                merit = np.nan_to_num(left - rounding - right, nan=-np.inf)
                k, count = int(np.argmax(merit)), count + self.problem.n
                if worst is None or merit[k] > worst[0]:
                    worst = float(merit[k]), x, k
        if worst is None:
            raise OutOfTime
        merit_there, x, k = worst
        method = AT_POINTS.format(len(self.members))
        if merit_there <= 0 and (found := self._of_part(claim)) is not None:
            return replace_method(found, method)
        inequality = at_point(claim, constants, self.context, None, k)
        return Searched(inequality, Found(x, merit_there, merit_there > 0, count), method, x[None])

    def _of_part(self, claim: Claim) -> Searched | None:
        """What the descents of the part falsify, with the components numbered as in the problem; None for nothing."""
        from .claim_search import over_components

        found = None
        with share(0.8):
            found = over_components(self.of_components, claim, self.of_components.constants(None))
        if found is None or not found.found.falsified:
            return None
        inequality = found.inequality
        k = int(self.members[inequality.member or 0])
        told = inequality.location

        def location(z: Array) -> dict[str, Any]:
            return {**told(z), "component": k, "features": features_of(self.linear, self.members).tolist()}

        renamed = ClaimInequality(inequality.claim, inequality.constants, inequality.at, location, k)
        return Searched(renamed, found.found, found.method, found.evaluated)


def replace_method(found: Searched, method: str) -> Searched:
    """The outcome with another description of the search."""
    return found._replace(method=method)


def picked(at: PairQuantities, k: int) -> PairQuantities:
    """The quantities of one of the pairs."""
    distance, change, rise = (
        Quantity(each.value[k : k + 1], np.broadcast_to(each.rounding, each.value.shape)[k : k + 1])
        for each in (at.distance, at.change, at.rise)
    )
    return replace(
        at, distance=distance, change=change, rise=rise, smoothness=at.smoothness[k : k + 1], which=at.which[k : k + 1]
    )


def features_of(f: LinearModel, members: Indices) -> Indices:
    """The features that occur in some rows, at least one, (k,)."""
    some = np.flatnonzero(np.asarray(abs(f.A[members]).sum(axis=0)).ravel())
    return some if len(some) else np.zeros(1, dtype=np.intp)


def part_of(problem: Problem, f: LinearModel, members: Indices) -> Problem:
    """The problem of some components on the features in them: the same f_i, but for (reg/2) x_k^2 of other features."""
    features = features_of(f, members)
    part = LinearModel(dense(f.A[members][:, features]), f.b[members], f.loss, f.reg)
    lowest = None if problem.f_i_inf is None else replace(problem.f_i_inf, values=problem.f_i_inf.values[members])
    L_i = replace(problem.L_i, values=problem.L_i.values[members])
    return Problem(
        objective=part,
        x0=problem.x0[features],
        L_i=L_i,
        L=L_i.reduce(np.mean, "mean L_i"),
        f_inf=exact(part.loss.least_value, "inf phi"),
        f_i_inf=lowest,
        name=problem.name,
    )


def problem_search(problem: Problem, entropy: Sequence[int], level: int = 1) -> ProblemSearch:
    """The search that fits the size of a problem."""
    large = problem.n * problem.d > LARGE and problem.objective.as_linear_model() is not None and not problem.region
    return (LargeSearch if large else ProblemSearch)(problem, entropy, level)
