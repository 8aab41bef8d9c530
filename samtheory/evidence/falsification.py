"""The search for a place where a claimed constant is wrong, for every constant that the theorems use of a problem."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ..constants import Array
from ..laws import Draw, Law, Outcomes
from ..problem import Problem
from .falsify_climb import Effort, Found, climb, hunt
from .falsify_gradients import gradients
from .falsify_inequality import Inequality
from .falsify_pairs import Family, Lipschitz, MeanLipschitz, Monotone, PairMoment, Which, each, sampled, whole
from .falsify_places import Places, places
from .falsify_points import PL, Below, Interpolation, Residual
from .falsify_setting import SecondMoment, Setting, enumerable, in_blocks, price
from .falsify_steepest import Steepest, among, most_bent, stationary, steepest
from .falsify_tolerant import Tolerant

#: Ascents a claim, at level 1.
CLIMBS = 4
#: Random walks a claim at level 1, and the price of a step of all of them.
WALKERS, WALKS = 200, 200_000
#: Outcomes times dimension up to which every sampled function is searched by itself.
OUTCOMES = 20_000
#: Sampled functions looked at where there are more outcomes.
DRAWS = 64
#: Iterations towards the components' minimisers, and the values of f_i computed at where they end.
DESCENT, OWN_VALUES = 80, 4_000_000
TINY = float(np.finfo(float).tiny)

LIPSCHITZ = "||grad f(x) - grad f(y)|| <= L ||x - y||"
LIPSCHITZ_I = "||grad f_i(x) - grad f_i(y)|| <= L_i ||x - y||"
LIPSCHITZ_V = "||g_v(x) - g_v(y)|| <= Lambda ||x - y||"
PAIRS = "steepest directions, lines along them, far pairs, ascent"
POINTS = "points around minimisers and start at 7 scales, ascent"


@dataclass(frozen=True)
class Finding:
    """What a search found of one constant.

    Attributes
    ----------
    name : the constant; "gradients", or a word of `constants.ASSUMPTIONS`
    claimed : its value (of the component where it is worst), None for what is not a number
    verdict : "consistent", "falsified" or "not claimed"
    best_known : the worst value seen: no valid constant is on the other side of it
    method : the search, in words
    evaluations : places looked at
    witness : the place, both sides and their ratio, where falsified
    known : how the problem says it knows the constant, a word of `constants.KNOWN`
    """

    #: Constants that do not depend on the sampling.
    SHARED: ClassVar[tuple[str, ...]] = (
        "gradients", "L_i", "L", "L_max", "L_avg", "mu", "f_inf", "f_i_inf", "convex", "convex-components",
        "interpolation",
    )

    name: str
    claimed: float | None
    verdict: str
    best_known: float | None
    method: str
    evaluations: int
    witness: dict[str, Any] | None = None
    known: str = ""

    @property
    def shared(self) -> bool:
        """Whether the constant is the same for every sampling."""
        return self.name in self.SHARED


def finding(
    name: str, claimed: float | None, inequality: Inequality, found: Found, best_known: float | None, method: str
) -> Finding:
    """The finding that a search for a place where `inequality` fails adds up to."""
    witness = inequality.witness(found.z) if found.falsified and found.z is not None else None
    verdict = "falsified" if witness else "consistent"
    return Finding(name, claimed, verdict, best_known, method, found.evaluations, witness)


def unclaimed(name: str) -> Finding:
    """For a constant that the problem does not claim."""
    return Finding(name, None, "not claimed", None, "", 0)


class Falsifier:
    """The searches on one problem; what they share is done once.

    Parameters
    ----------
    problem : what is claimed
    entropy : seed of everything random
    effort : how much to search
    """

    def __init__(self, problem: Problem, entropy: Sequence[int], effort: Effort) -> None:
        problem.objective.values(problem.x0[None])  # what is wrong at the start is an error, not a finding
        problem.objective.gradients(problem.x0[None])
        self.problem = replace(problem, objective=Tolerant(problem.objective))
        self.entropy, self.effort = list(entropy), effort

    def rng(self, name: str) -> np.random.Generator:
        """The generator of the search `name`, which no other search has an influence on."""
        return np.random.default_rng([*self.entropy, *hashlib.blake2b(name.encode(), digest_size=8).digest()])

    @cached_property
    def places(self) -> Places:
        """The pool of points."""
        return places(self.problem, self.effort, self.rng("places"))

    @cached_property
    def setting(self) -> Setting:
        """Gradients and rounding errors."""
        return Setting(self.problem, self.places.size)

    @cached_property
    def climbs(self) -> int:
        """Ascents a claim."""
        return 0 if self.problem.region else CLIMBS * self.effort.level

    @cached_property
    def walkers(self) -> int:
        """Random walks a claim."""
        most = WALKERS * self.effort.level
        return 0 if self.problem.region else int(np.clip(WALKS // price(self.problem), 8, most))

    @cached_property
    def own(self) -> Array:
        """Points where each f_i is nearly stationary, (n, S, d)."""
        starts = self.places.X[self.rng("starts").permutation(len(self.places.X))[: 1 + self.effort.level]]
        starts = np.concatenate([self.places.X[: self.places.centres], starts])[: 3 + self.effort.level]
        L_i = self.problem.L_i.values
        first = 1 / np.where(L_i > 0, L_i, 1.0)
        steps = DESCENT if self.problem.n * self.problem.d < 100_000 else DESCENT // 8
        tiled = np.broadcast_to(starts, (self.problem.n, *starts.shape))
        return stationary(each(self.setting), tiled, steps, first)

    def steep(self, family: Family, own: Array | None, name: str) -> Steepest:
        """The steepest pairs of a family."""
        at, rng = self.places, self.rng(name)
        if self.problem.region:
            return among(family, at.X, rng)
        near = at.X[rng.permutation(len(at.X))[: 3 * self.effort.level]]
        bases = np.concatenate([self.problem.x0[None], at.X[: at.centres], near])
        return steepest(family, bases, own, at.size, self.effort, rng)

    @cached_property
    def f(self) -> tuple[Family, Steepest]:
        """f and its steepest pair, found by ascent from the steepest of a first search."""
        if self.problem.region:
            return whole(self.setting), self.steep(whole(self.setting), None, "f")
        at, (_, found_i) = self.places, self.components
        middles = found_i.pair[np.argsort(-found_i.ratio, kind="stable")[: self.climbs], 0]
        some = at.X[self.rng("bent").permutation(len(at.X))[: self.walkers]]
        bent = most_bent(whole(self.setting, len(some)), some, at.size, self.rng("bent"))[: 2 * self.climbs]
        bases = np.concatenate([at.X[: at.centres], middles, bent])
        # A copy of f for each base, so that ascents start from several of them.
        family = whole(self.setting, len(bases))
        found = self.steep(family, bases[:, None], "f")
        self.ascend(family, found, np.argsort(-found.ratio, kind="stable")[: self.climbs], LIPSCHITZ)
        return whole(self.setting), found.best()

    @cached_property
    def components(self) -> tuple[Family, Steepest]:
        """The f_i and their steepest pairs."""
        family = each(self.setting)
        found = self.steep(family, None if self.problem.region else self.own, "components")
        L_i = self.problem.L_i.values
        ratio = found.ratio / np.where(L_i > 0, L_i, np.inf)
        worst = np.argsort(-ratio, kind="stable")[: self.climbs]
        self.ascend(family, found, worst, LIPSCHITZ_I)
        return family, found

    def ascend(self, family: Family, found: Steepest, members: Any, text: str) -> None:
        """Ascents from the steepest pairs of `members`, at two distances."""
        for k in members if self.climbs else []:
            for wider in (1.0, 100.0):
                if self.effort.spent or found.ratio[k] <= 0:
                    return
                pair = found.pair[k] * np.array([[1.0], [wider]])
                unit = np.array([[self.places.size], [float(np.linalg.norm(pair[1]))]])
                z, _, count = climb(Lipschitz(family, int(k), found.ratio[k], text, self.places.size), pair, unit)
                found.offer((z[0] + z[1])[None], (z[0] - z[1])[None], np.array([k]))
                found.evaluations += count

    # Constants of the problem

    def of_problem(self) -> list[Finding]:
        """The findings that do not depend on a sampling; only the gradients where no theorem uses a constant."""
        if self.problem.outside:
            return [self.gradients()]
        searches = (
            self.gradients, self.L_i, self.L, self.L_max, self.L_avg, self.mu, self.f_inf, self.f_i_inf,
            self.convex, self.convex_components, self.interpolation,
        )
        return [search() for search in searches]

    def gradients(self) -> Finding:
        """Gradients against function values."""
        inequality, found = gradients(self.setting, self.places, self.effort, self.rng("gradients"))
        method = "differences of order 6 of the values, along axes, gradients, radially, at random"
        return finding("gradients", None, inequality, found, None, method)

    def L_i(self) -> Finding:
        """The smoothness of the component where it is worst."""
        family, found = self.components
        L_i = self.problem.L_i.values
        i = int(np.argmax(found.ratio / np.maximum(L_i, TINY)))
        return self.lipschitz("L_i", float(L_i[i]), family, found, i, LIPSCHITZ_I)

    def L(self) -> Finding:
        """The smoothness of f."""
        return self.lipschitz("L", float(self.problem.L), *self.f, 0, LIPSCHITZ)

    def L_max(self) -> Finding:
        """The largest L_i."""
        family, found = self.components
        text = "||grad f_i(x) - grad f_i(y)|| <= L_max ||x - y||"
        L_max, i = float(self.problem.L_i.values.max()), int(np.argmax(found.ratio))
        return self.lipschitz("L_max", L_max, family, found, i, text)

    def L_avg(self) -> Finding:
        """The mean of the L_i."""
        family, found = self.components
        L_avg, p = float(self.problem.L_i.values.mean()), np.full(self.problem.n, 1 / self.problem.n)
        text = "mean over i of ||grad f_i(x_i) - grad f_i(y_i)|| / ||x_i - y_i|| <= L_avg"
        return self.mean_lipschitz("L_avg", L_avg, family, found, p, 1, text)

    def lipschitz(self, name: str, L: float, family: Family, found: Steepest, k: int, text: str) -> Finding:
        """A Lipschitz constant of member k against its steepest pair."""
        inequality = Lipschitz(family, k, L, text, self.places.size)
        worst = hunt(inequality, found.pair[k][None], np.ones(1), self.effort)
        return finding(name, L, inequality, replaced(worst, found.evaluations), float(found.ratio[k]), PAIRS)

    def mean_lipschitz(
        self, name: str, bound: float, family: Family, found: Steepest, p: Array, power: int, text: str
    ) -> Finding:
        """A mean of Lipschitz constants against the steepest pair of every member."""
        inequality = MeanLipschitz(family, p, power, bound, text)
        worst = hunt(inequality, found.pair[None], np.ones(1), self.effort)
        seen = float((found.ratio**power @ p) ** (1 / power))
        return finding(name, bound, inequality, replaced(worst, found.evaluations), seen, PAIRS)

    def mu(self) -> Finding:
        """The PL constant."""
        if self.problem.mu is None:
            return unclaimed("mu")
        mu, at = float(self.problem.mu), self.places
        inequality = PL(self.setting, mu)
        merits = inequality.merit(at.X)
        starts = at.starts(merits, 3 * self.climbs)
        found = hunt(inequality, at.X, at.unit, self.effort, starts, merits, self.walkers)
        best = mu / found.merit if found.merit > 0 else None
        return finding("mu", mu, inequality, found, best, POINTS)

    def f_inf(self) -> Finding:
        """The infimum of f, or the lower bound in its place."""
        claimed, at = float(self.problem.f_inf), self.places
        inequality = Below(self.setting, claimed)
        found = hunt(inequality, at.X, at.unit, self.effort)
        with np.errstate(all="ignore"):
            lowest = float(np.nanmin(self.problem.objective.value(at.X)))
        method = "descents (L-BFGS, Newton) from several starts, and every point of the pool"
        found = replaced(found, at.evaluations + found.evaluations)
        return finding("f_inf", claimed, inequality, found, lowest, method)

    def f_i_inf(self) -> Finding:
        """The infimum of every f_i."""
        if self.problem.f_i_inf is None:
            return unclaimed("f_i_inf")
        claimed, X = self.problem.f_i_inf.values, self.places.X
        with np.errstate(all="ignore"):
            values = in_blocks(self.problem.objective.values, X, self.problem.n * self.problem.d)
        members, own, own_values = self.own_lowest
        margin = np.nan_to_num(values, nan=np.inf).min(axis=0) - claimed
        margin[members] = np.minimum(margin[members], own_values - claimed[members])
        count = values.size + own.size // self.problem.d
        for i in np.argsort(margin / (np.abs(claimed) + np.abs(values[0]) + TINY), kind="stable")[:CLIMBS]:
            points = np.concatenate([X[np.argsort(values[:, i], kind="stable")[:8]], own[members == i]])
            inequality = Below(self.setting, float(claimed[i]), int(i))
            found = hunt(inequality, points, np.ones(1), self.effort)
            if found.falsified:
                break
        method = "descents of every component from several starts, and every point of the pool"
        best = float(margin[i] + claimed[i])
        return finding("f_i_inf", float(claimed[i]), inequality, replaced(found, count), best, method)

    @cached_property
    def own_lowest(self) -> tuple[Which, Array, Array]:
        """For some components (all, if few): their numbers (m,), their lowest points (m, d), the values there (m,)."""
        n, d = self.problem.n, self.problem.d
        if self.problem.region:
            return np.zeros(0, dtype=np.intp), np.zeros((0, d)), np.zeros(0)
        S = self.own.shape[1]
        members = np.sort(self.rng("own").permutation(n)[: max(OWN_VALUES // (n * S), 1)])
        points = self.own[members]
        with np.errstate(all="ignore"):
            rows = in_blocks(self.problem.objective.values, points.reshape(-1, d), n * d)
        mine = np.nan_to_num(rows.reshape(len(members), S, n)[np.arange(len(members)), :, members], nan=np.inf)
        best = mine.argmin(axis=1)
        return members, points[np.arange(len(members)), best], mine.min(axis=1)

    def convex(self) -> Finding:
        """Monotone gradient of f."""
        return self.monotone("convex", *self.f)

    def convex_components(self) -> Finding:
        """Monotone gradient of every f_i."""
        return self.monotone("convex-components", *self.components)

    def monotone(self, name: str, family: Family, found: Steepest) -> Finding:
        """Convexity of the members against the least convex pair of any."""
        if name not in self.problem.properties:
            return unclaimed(name)
        k = int(np.argmax(found.sink))
        inequality = Monotone(family, k, self.places.size)
        worst = hunt(inequality, found.bent[k][None], np.ones(1), self.effort)
        return finding(name, None, inequality, replaced(worst, found.evaluations), None, PAIRS)

    def interpolation(self) -> Finding:
        """One point that minimises every f_i."""
        if "interpolation" not in self.problem.properties:
            return unclaimed("interpolation")
        inequality = Interpolation(self.setting)
        found = hunt(inequality, self.places.X, self.places.unit, self.effort)
        return finding("interpolation", None, inequality, found, None, "every point of the pool")

    # Constants under a sampling

    def of_sampling(self, law: Law) -> list[Finding]:
        """The findings under one sampling."""
        return [] if self.problem.outside else [*self.smoothness(law), *self.residual(law)]

    def smoothness(self, law: Law) -> list[Finding]:
        """Mean, root mean square and essential supremum of the smoothness of the sampled function."""
        bounds = [float(bound) for bound in self.problem.smoothness_of(law)]
        names = ("Lambda1", "Lambda2", "Lambda")
        if law.deterministic:
            family, found = self.f
            text = "||grad f(x) - grad f(y)|| <= {} ||x - y||"
            return [
                self.lipschitz(name, bound, family, found, 0, text.format(name))
                for name, bound in zip(names, bounds, strict=True)
            ]
        outcomes = enumerable(law, max(OUTCOMES // self.problem.d, 1))
        if outcomes is None:
            return self.smoothness_of_draws(law, *bounds)
        family, found = self.of_outcomes(outcomes)
        mean = "sum over v of p_v ||g_v(x_v) - g_v(y_v)|| / ||x_v - y_v|| <= Lambda1"
        square = "sqrt(sum over v of p_v ||g_v(x_v) - g_v(y_v)||^2 / ||x_v - y_v||^2) <= Lambda2"
        return [
            self.mean_lipschitz("Lambda1", bounds[0], family, found, outcomes.probability, 1, mean),
            self.mean_lipschitz("Lambda2", bounds[1], family, found, outcomes.probability, 2, square),
            self.lipschitz("Lambda", bounds[2], family, found, int(np.argmax(found.ratio)), LIPSCHITZ_V),
        ]

    def smoothness_of_draws(self, law: Law, Lambda1: float, Lambda2: float, Lambda: float) -> list[Finding]:
        """The same where the outcomes are too many: Lambda1 against f, Lambda2 against pairs, Lambda against draws."""
        L_i, drawn = self.problem.L_i.values, law.draw(self.rng("draws"), DRAWS**2)
        steepness = (drawn.weights * L_i[drawn.indices]).sum(axis=1)
        keep = np.argsort(-steepness, kind="stable")[: DRAWS * self.effort.level]
        chosen = Outcomes(Draw(drawn.indices[keep], drawn.weights[keep]), np.full(len(keep), 1 / len(keep)))
        family, found = self.of_outcomes(chosen)
        f, f_found = self.f
        second = PairMoment(self.setting, SecondMoment(law), Lambda2)
        pairs = np.concatenate([f_found.pair, self.components[1].pair[np.argsort(-L_i, kind="stable")[:DRAWS]]])
        worst = hunt(second, pairs, np.ones(1), self.effort)
        return [
            self.lipschitz("Lambda1", Lambda1, f, f_found, 0, "||grad f(x) - grad f(y)|| <= Lambda1 ||x - y||"),
            finding("Lambda2", Lambda2, second, worst, Lambda2 * worst.merit, PAIRS),
            self.lipschitz("Lambda", Lambda, family, found, int(np.argmax(found.ratio)), LIPSCHITZ_V),
        ]

    def of_outcomes(self, outcomes: Outcomes) -> tuple[Family, Steepest]:
        """The sampled functions and their steepest pairs, those of their components and of f among them."""
        family, (indices, weights) = sampled(self.setting, outcomes), outcomes.draw
        if self.problem.region:
            return family, among(family, self.places.X, self.rng("outcomes"))
        at, (_, found_i), (_, found_f) = self.places, self.components, self.f
        middles = np.concatenate([found_f.pair[:, 0], found_i.pair[np.argsort(-found_i.ratio)[:2], 0]])
        bases = np.concatenate([middles, at.X[: at.centres]])
        found = steepest(family, bases, None, at.size, Effort(0, self.effort.deadline), self.rng("outcomes"))
        lead = indices[np.arange(len(indices)), np.argmax(weights * found_i.ratio[indices], axis=1)]
        members = np.arange(family.count)
        for pair in (found_i.pair[lead], np.broadcast_to(found_f.pair, (family.count, *found_f.pair.shape[1:]))):
            found.offer(pair[:, 0] + pair[:, 1], pair[:, 0] - pair[:, 1], members)
        return family, found

    def residual(self, law: Law) -> list[Finding]:
        """A, B and C, which one inequality judges together, and the bounded variance where it is claimed."""
        names = ("A", "B", "C")
        claimed = self.problem.expected_residual(law)
        if claimed is None:
            return [unclaimed(name) for name in (*names, "bounded-variance")]
        A, B, C = (float(getattr(claimed, name)) for name in names)
        at = self.places
        inequality = Residual(self.setting, SecondMoment(law), A, B, C)
        merits = inequality.merit(at.X)
        climbs = 0 if law.deterministic else self.climbs
        walkers = 0 if law.deterministic else self.walkers
        found = hunt(inequality, at.X, at.unit, self.effort, at.starts(merits, climbs), merits, walkers)
        seen = at.X if found.z is None else np.concatenate([at.X, found.z[None]])
        needed = inequality.needed(seen)
        judged = [
            finding(name, value, inequality, found, best, POINTS + "; the other two as claimed")
            for name, value, best in zip(names, (A, B, C), needed, strict=True)
        ]
        if A == 0 and B == 1:
            return [*judged, finding("bounded-variance", C, inequality, found, needed[2], POINTS)]
        return [*judged, unclaimed("bounded-variance")]


def replaced(found: Found, evaluations: int) -> Found:
    """The same with another number of evaluations."""
    return Found(found.z, found.merit, found.falsified, evaluations)
