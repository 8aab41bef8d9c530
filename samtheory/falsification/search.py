"""Search for a counterexample to a theorem: random restarts and local search over small instances.

An instance is a point of the unit cube (`instances.parametrisation`), and the search climbs to where E V+ exceeds its
bound the most.  A violation is made small (`shrink`) and evaluated again without rounding (`counterexample`).  A
restart depends on the theorem, the seed and its own number alone, so that a budget only cuts the sequence short.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory._version import __version__
from samtheory.assumptions import assumptions
from samtheory.errors import InputError, NotApplicable, positive, reject, whole
from samtheory.io.result import Result
from samtheory.sampling.base import Sampling, parse_sampling, samplings
from samtheory.schedules import is_constant, rule, rule_text
from samtheory.theorems.base import Theorem

from .candidate import Candidate, Evaluation, attempt
from .counterexample import Counterexample, confirmed, reproduced
from .instances.arithmetic import FLOAT
from .instances.base import Instance
from .instances.finite_law import FiniteLaw
from .instances.parametrisation import (
    COORDINATES,
    Decoder,
    SamplingSpace,
    SearchSpace,
    piecewise,
    planar,
    point,
    sines,
)
from .shrink import shrunk

SCHEMA = "samtheory.falsify/1"

#: Seconds, where no budget is given.
BUDGET = 60.0
#: Points of a restart that are drawn, and steps of the local search from the best of them.
DRAWN, STEPS = 40, 300
#: The largest n of the search over all samplings; the largest, the number of sizes and of outcomes for one asked for.
SMALL, LARGEST, ASKED_SIZES, OUTCOMES = 3, 6, 3, 64
#: Families of functions, groups of one complexity, the simplest first: (constructor, knots).
FAMILIES: list[list[tuple[Callable[[Decoder, SearchSpace], Instance], int]]] = [
    [(piecewise, 0)],
    [(piecewise, 1), (planar, 0)],
    [(sines, 0), (piecewise, 2)],
]
#: rho is at most this fraction of the largest; gamma at least this fraction of the largest.
RHO, GAMMA = 0.999, 0.01


@dataclass(frozen=True, repr=False)
class Falsification(Result):
    """The outcome of a search for a counterexample.

    Attributes
    ----------
    counterexample : None where nothing was found
    evaluations : instances tried
    margin : the smallest (bound - measured) seen, relative to the change of V; None where nothing was comparable
    """

    theorem: Theorem
    lam: float | str | None
    sampling: str | None
    seed: int
    budget: float
    counterexample: Counterexample | None
    evaluations: int
    margin: float | None

    def headline(self) -> str:
        """The counterexample, or how near the search came to one."""
        key, tried = self.theorem.key, f"{self.evaluations:,} instances tried"
        if self.counterexample is None:
            nearest = "nothing to compare after one step"
            if self.margin is not None:
                nearest = f"smallest (bound - measured)/(change in one step) {self.margin:.2g}"
            return f"{key}: no counterexample, {tried}; {nearest}"
        found, arithmetic = self.counterexample.evaluation, self.counterexample.arithmetic
        sides = f"measured {found.measured:.6g} > bound {found.bound:.6g}"
        return f"{key}: false, {tried}: {sides}, proved in {arithmetic} arithmetic"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """One row: the search and, where there is one, the counterexample without its problem file."""
        found = {} if self.counterexample is None else self.counterexample.to_json()
        kept = ("family", "claim", "bound", "measured", "ratio", "sampling", "lam", "rho", "gamma", "arithmetic")
        yield {
            "theorem": self.theorem.key,
            "false": self.counterexample is not None,
            "evaluations": self.evaluations,
            "margin": self.margin,
            **{name: found.get(name) for name in kept},
        }

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.falsify/1`."""
        return {
            "budget": self.budget,
            "counterexample": None if self.counterexample is None else self.counterexample.to_json(),
            "evaluations": self.evaluations,
            "lam": None if self.lam is None else rule_text(self.lam),
            "margin": self.margin,
            "sampling": self.sampling,
            "schema": SCHEMA,
            "seed": self.seed,
            "theorem": self.theorem.key,
            "version": __version__,
        }


def falsify(
    theorem: Theorem,
    name: str | None = None,
    *,
    lam: float | str | None = None,
    sampling: str | Sampling | None = None,
    seed: int = 0,
    budget: float = BUDGET,
    restarts: int | None = None,
    on_restart: Callable[[int], None] | None = None,
) -> Falsification:
    """Look for an instance, a point and steps inside the theorem's limits at which it fails.

    Parameters
    ----------
    theorem, name : the theorem, and its name on the command line; a theorem of the paper is searched even where its
        printed form is known to be invalid
    lam : a number in [0, 1] or a named rule, which counts at t = 0; anything by default
    sampling : a key such as `single` (any probabilities) or `nice`, or one with its argument, or an object; any by
        default
    seed : of the search
    budget : seconds
    restarts : how many at most
    on_restart : called with the number of each restart

    Raises
    ------
    InputError
        If a parameter is bad.
    NotApplicable
        If the theorem assumes what no instance has, or does not cover this lam.
    """
    seed, budget = whole("seed", seed), positive("budget", budget)
    lam = asked_lam(theorem, lam)
    spaces = search_spaces(theorem, sampling)
    text = None if sampling is None else in_words(sampling)
    fixed = isinstance(sampling, Sampling) or (sampling is not None and ":" in sampling)
    deadline, evaluations = time.monotonic() + budget, 0
    margin: float | None = None
    for number in range(restarts) if restarts is not None else itertools.count():
        if time.monotonic() > deadline:
            break
        if on_restart is not None:
            on_restart(number)
        space = spaces[number % len(spaces)]
        search = Search(theorem, space, lam, stream(theorem, seed, number))
        best = search.climb(deadline)
        evaluations += search.evaluations
        if best is None:
            continue
        if best.score > 0 and (found := proved(theorem, name or theorem.key, best, fixed, lam)) is not None:
            return Falsification(theorem, lam, text, seed, budget, found, evaluations, None)
        margin = max(0.0, -best.score) if margin is None else min(margin, max(0.0, -best.score))
    return Falsification(theorem, lam, text, seed, budget, None, evaluations, margin)


def stream(theorem: Theorem, seed: int, number: int) -> np.random.Generator:
    """The random numbers of one restart."""
    digest = hashlib.blake2b(theorem.key.encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest, "little"), number])


def proved(
    theorem: Theorem, name: str, best: Evaluation, fixed: bool, lam: float | str | None
) -> Counterexample | None:
    """The violation, made small and proved; None if it is rounding, or `verify` does not see it.

    Parameters
    ----------
    fixed : whether the parameters of the sampling were asked for
    """
    sampling = best.candidate.instance.sampling

    def allowed(candidate: Candidate) -> bool:
        """Whether the candidate is of the kind that was asked for."""
        return lam in (None, candidate.lam) and (not fixed or candidate.instance.sampling == sampling)

    found = confirmed(theorem, name, shrunk(theorem, best, allowed))
    return found if found is not None and reproduced(found, theorem) else None


def asked_lam(theorem: Theorem, lam: float | str | None) -> float | str | None:
    """lam, checked; the theorem's only one where it has one, None for any."""
    if lam is None:
        return theorem.only  # type: ignore[return-value]
    chosen = rule("lam", lam)
    if not theorem.varying_lam and not is_constant(chosen):
        raise NotApplicable(f"{theorem.key}: lam={lam}: the theorem covers constant lam only")
    if theorem.only is not None and chosen != theorem.only:
        raise NotApplicable(f"{theorem.key}: lam={lam}: the theorem covers lam={theorem.only} only")
    return chosen  # type: ignore[return-value]


def search_spaces(theorem: Theorem, sampling: str | Sampling | None) -> list[SearchSpace]:
    """The search spaces of every family, small ones first, that the theorem and the sampling leave.

    Raises
    ------
    InputError
        If there is no such sampling, or none of few components.
    NotApplicable
        If the theorem assumes something that no instance satisfies.
    """
    if theorem.method != Theorem.method:
        raise NotApplicable(f"{theorem.key}: method={theorem.method}: falsify takes steps of {Theorem.method} only")
    stated = {word: assumptions()[word] for word in theorem.assumptions}
    unclear = [word for word, each in stated.items() if each.values is None and not each.claims]
    if unclear:
        raise NotApplicable(f"{theorem.key}: no claim by which an instance could satisfy: {', '.join(unclear)}")
    sized = small_samplings() if sampling is None else asked_samplings(sampling)
    if "full-batch" in theorem.assumptions:
        sized = [(n, space) for n, space in sized if outcome_count(space, n) == 1]
        if not sized:
            raise NotApplicable(f"{theorem.key}: sampling={in_words(sampling)}: the theorem assumes the full batch")
    return [
        SearchSpace(build, n, knots, space, sharp, tilted)
        for group, sharp, tilted in itertools.product(FAMILIES, (True, False), (False, True))
        for n, space in sized
        for build, knots in group
        # One f_i alone has no tilt, and the full batch no expected residual to choose.
        if not (n == 1 and tilted) and not (sharp and outcome_count(space, n) == 1)
    ]


def small_samplings() -> list[tuple[int, SamplingSpace]]:
    """Every kind of sampling of up to `SMALL` components, with n; the full batch once."""
    kinds = [kind.searched for kind in samplings().values()]
    counts = ((n, space, outcome_count(space, n)) for n in range(1, SMALL + 1) for space in kinds)
    full = (1, samplings()["full"].searched)
    return [full, *((n, space) for n, space, count in counts if 1 < count <= OUTCOMES)]


def asked_samplings(sampling: str | Sampling) -> list[tuple[int, SamplingSpace]]:
    """A sampling by its key, with its argument or as an object, and the n it is tried at.

    These are the first few for which it is random, and one more for which it is the full batch.

    Raises
    ------
    InputError
        If there is no such sampling, or it has too many outcomes.
    """
    if isinstance(sampling, str) and sampling in samplings():
        space: SamplingSpace = samplings()[sampling].searched
    else:
        chosen = sampling if isinstance(sampling, Sampling) else parse_sampling(sampling)
        space = lambda n, choose: chosen  # noqa: E731
    counts = {n: outcome_count(space, n) for n in range(1, LARGEST + 1)}
    random = [n for n, count in counts.items() if 1 < count <= OUTCOMES]
    if not random and 1 not in counts.values():
        allowed = f"a sampling of at most {LARGEST} components with at most {OUTCOMES} outcomes"
        raise reject("sampling", in_words(sampling), allowed)
    # The full batch once: for n = 1, where nothing is random for any n, else as nice:2 is for n = 2.
    certain = [n for n, count in counts.items() if count == 1 and (n > 1 or not random)][:1]
    return [(n, space) for n in [*random[:ASKED_SIZES], *certain]]


def in_words(sampling: str | Sampling | None) -> str:
    """The text of a sampling, "any" for None."""
    return sampling.spec if isinstance(sampling, Sampling) else sampling or "any"


def outcome_count(space: SamplingSpace, n: int) -> int:
    """The number of values of v, at most `OUTCOMES` + 1; 1 where v = 1, 0 where there is no such sampling of n."""
    try:
        found = space(n, lambda low, high: math.sqrt(low * high))
        if found is None:
            return 0
        listed = list(itertools.islice(found.outcomes([1.0] * n), OUTCOMES + 1))
    except InputError:  # the sampling does not fit n
        return 0
    return 1 if FiniteLaw(n, listed, FLOAT).deterministic else max(len(listed), 2)


@dataclass
class Search:
    """One restart: random points of the unit cube, then local search from the best of them.

    Attributes
    ----------
    evaluations : instances tried so far
    """

    theorem: Theorem
    space: SearchSpace
    lam: float | str | None
    rng: np.random.Generator
    evaluations: int = 0

    def candidate(self, u: Array) -> tuple[Candidate, int]:
        """The candidate at a point of the cube, and how many of the coordinates matter."""
        decoder = Decoder(u.tolist())
        instance = self.space.build(decoder, self.space)
        x = point(decoder, instance.d)
        lam = decoder.either(0.0, decoder.unit(), 1.0) if self.lam is None else self.lam
        return Candidate(instance, x, lam, RHO * decoder.unit(), decoder.log(GAMMA, 1.0)), decoder.read

    def evaluate(self, u: Array) -> tuple[Evaluation | None, int]:
        """The theorem's claim at a point of the cube and the true value, and how many coordinates matter."""
        candidate, read = self.candidate(u)
        self.evaluations += 1
        return attempt(self.theorem, candidate), read

    def climb(self, deadline: float) -> Evaluation | None:
        """The best of the restart; None where the theorem says nothing."""
        best, place, read = None, self.rng.random(COORDINATES), COORDINATES
        for _ in range(DRAWN):
            u = self.rng.random(COORDINATES)
            found, read = self.evaluate(u)
            if found is not None and (best is None or found.score > best.score):
                best, place = found, u
        size = 0.2
        for _ in range(STEPS if best is not None else 0):
            if time.monotonic() > deadline:
                break
            u = self.near(place, size, read)
            found, _ = self.evaluate(u)
            better = found is not None and best is not None and found.score > best.score
            best, place = (found, u) if better else (best, place)
            size = min(1.3 * size, 0.5) if better else max(0.97 * size, 1e-3)
        return best

    def near(self, place: Array, size: float, read: int) -> Array:
        """A neighbour in the cube: a few coordinates moved, reflected at its faces."""
        u = place.copy()
        moving = np.flatnonzero(self.rng.random(read) < max(0.2, 1.5 / read))
        u[moving] = np.abs(u[moving] + size * self.rng.standard_normal(len(moving)))
        return np.clip(np.where(u > 1, 2 - u, u), 0.0, 1.0)
