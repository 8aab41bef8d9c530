"""What the searches for wrong constants of one problem share, and what they find."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array
from samtheory.problem.problem import Problem
from samtheory.status import Status

from .ascent import Effort, Found, climb, hunt
from .inequality import Inequality
from .lipschitz_search import Steepest, among, most_bent, stationary, steepest
from .pairwise import Family, Lipschitz, MeanLipschitz, Monotone, Which, each, whole
from .point_pool import Places, places
from .rounding import Setting, in_blocks, price
from .tolerant import Tolerant

#: Ascents a claim at level 1, and the price of a step of all of them.
CLIMBS, CLIMB_WORK = 4, 500_000
#: Random walks a claim at level 1, and the price of a step of all of them.
WALKERS, WALKS = 200, 200_000
#: Iterations towards the components' minimisers, and the values of f_i computed at where they end.
DESCENT, OWN_VALUES = 80, 4_000_000

LIPSCHITZ = "||grad f(x) - grad f(y)|| <= L ||x - y||"
LIPSCHITZ_I = "||grad f_i(x) - grad f_i(y)|| <= L_i ||x - y||"
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
    provenance : that of the claimed constant, a key of `constants.PROVENANCE`
    """

    #: Constants that do not depend on the sampling.
    SHARED: ClassVar[tuple[str, ...]] = (
        "gradients",
        "L_i",
        "L",
        "L_max",
        "L_avg",
        "mu",
        "f_inf",
        "f_i_inf",
        "minimiser",
        "convex",
        "convex-components",
        "strongly-convex",
        "interpolation",
    )

    name: str
    claimed: float | None
    verdict: Status
    best_known: float | None
    method: str
    evaluations: int
    witness: dict[str, Any] | None = None
    provenance: str = ""

    @property
    def shared(self) -> bool:
        """Whether the constant is the same for every sampling."""
        return self.name in self.SHARED


def finding(
    name: str, claimed: float | None, inequality: Inequality, found: Found, best_known: float | None, method: str
) -> Finding:
    """The finding that a search for a place where `inequality` fails adds up to."""
    witness = inequality.witness(found.z) if found.falsified and found.z is not None else None
    verdict = Status.FALSIFIED if witness else Status.CONSISTENT
    return Finding(name, claimed, verdict, best_known, method, found.evaluations, witness)


def unclaimed(name: str) -> Finding:
    """For a constant that the problem does not claim."""
    return Finding(name, None, Status.NOT_CLAIMED, None, "", 0)


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
        most = CLIMBS * self.effort.level
        room = CLIMB_WORK * self.effort.level // price(self.problem)
        return 0 if self.problem.region else min(room, most)

    @cached_property
    def walkers(self) -> int:
        """Random walks a claim."""
        most = WALKERS * self.effort.level
        return 0 if self.problem.region else int(np.clip(WALKS // price(self.problem), 0, most))

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

    @cached_property
    def f(self) -> tuple[Family, Steepest]:
        """f and its steepest pair, found by ascent from the steepest of a first search."""
        if self.problem.region:
            return whole(self.setting), among(whole(self.setting), self.places.X, self.rng("f"))
        at, (_, found_i) = self.places, self.components
        middles = found_i.pair[np.argsort(-found_i.ratio, kind="stable")[: self.climbs], 0]
        some = at.X[self.rng("bent").permutation(len(at.X))[: self.walkers]]
        bent = most_bent(whole(self.setting, len(some)), some, at.size, self.rng("bent"))[: 2 * self.climbs]
        bases = np.concatenate([at.X[: at.centres], middles, bent])
        # A copy of f for each base, so that ascents start from several of them.
        family = whole(self.setting, len(bases))
        found = steepest(family, bases[:0], bases[:, None], at.size, self.effort, self.rng("f"))
        self.ascend(family, found, np.argsort(-found.ratio, kind="stable")[: self.climbs], LIPSCHITZ)
        return whole(self.setting), found.best()

    @cached_property
    def components(self) -> tuple[Family, Steepest]:
        """The f_i and their steepest pairs."""
        family, at, rng = each(self.setting), self.places, self.rng("components")
        if self.problem.region:
            return family, among(family, at.X, rng)
        others = at.X[rng.permutation(len(at.X))[: 3 * self.effort.level]]
        bases = np.concatenate([self.problem.x0[None], at.X[: at.centres], others])
        found, L_i = steepest(family, bases, self.own, at.size, self.effort, rng), self.problem.L_i.values
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

    def monotone(self, name: str, family: Family, found: Steepest, mu: float = 0.0) -> Finding:
        """(Strong) convexity of the members against the least convex pair of any."""
        k = int(np.argmax(found.sink))
        inequality = Monotone(family, k, self.places.size, mu)
        worst = hunt(inequality, found.bent[k][None], np.ones(1), self.effort)
        return finding(name, None, inequality, replaced(worst, found.evaluations), None, PAIRS)


def replaced(found: Found, evaluations: int) -> Found:
    """The same with another number of evaluations."""
    return Found(found.z, found.merit, found.falsified, evaluations)
