"""The hunt for a counterexample to a theorem: random restarts and local search over small instances.

An instance is a point of the unit cube (`instances.dial`), and the search climbs to where E V+ exceeds its bound the
most.  What is found is evaluated again without rounding and made as small as it gets (`counterexample`).  A restart
depends on the theorem, the seed and its own number alone, so that a budget only cuts the sequence short.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory._version import __version__
from samtheory.constants import ASSUMPTIONS
from samtheory.errors import NotApplicable, positive, reject, whole
from samtheory.io.result import Result
from samtheory.sampling.samplings import Independent, Nice, Replacement, parse_sampling, samplings
from samtheory.schedules import is_constant, rule, rule_text
from samtheory.theorems.base import Theorem

from .counterexample import Counterexample, confirmed, reproduced
from .instances.base import Instance
from .instances.parametrisation import COORDINATES, Dial, Frame, piecewise, planar, point, sines
from .shrink import shrunk
from .trial import Finding, Trial, attempt

SCHEMA = "samtheory.falsify/1"

#: Seconds, where no budget is given.
BUDGET = 60.0
#: Points of a restart that are drawn, and steps of the climb from the best of them.
DRAWN, CLIMBED = 40, 300
#: (n, kind, argument) of the samplings that are tried, small ones first.
LAWS: list[tuple[int, str, float | None]] = [
    (1, "full", None), (2, "single", None), (2, "independent", None), (2, "uniform", None),
    (3, "single", None), (1, "independent", None), (2, "importance", None), (3, "nice", None),
    (2, "replacement", None), (3, "uniform", None),
]  # fmt: skip
#: Families of one size: (how it is built, knots).
SIZES: list[list[tuple[Callable[[Dial, Frame], Instance], int]]] = [
    [(piecewise, 0)],
    [(piecewise, 1), (planar, 0)],
    [(sines, 0), (piecewise, 2)],
]
#: The assumptions that instances can have.
KNOWN = ASSUMPTIONS.keys() & {
    "smooth", "PL", "ER", "ES", "full-batch", "bounded-variance", "convex", "convex-components", "strongly-convex",
    "interpolation", "minimiser",
}  # fmt: skip
#: rho is at most this fraction of the largest; gamma at least this fraction of the largest.
RHO, GAMMA = 0.999, 0.01


@dataclass(frozen=True, repr=False)
class Hunt(Result):
    """The outcome of a search for a counterexample.

    Attributes
    ----------
    counterexample : None where nothing was found
    evaluations : instances tried
    margin : the smallest (bound - measured) that was met, by how far both are from V; None where nothing was comparable
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
        finding, arithmetic = self.counterexample.finding, self.counterexample.arithmetic
        sides = f"measured {finding.measured:.6g} > bound {finding.bound:.6g}"
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
    sampling: str | None = None,
    seed: int = 0,
    budget: float = BUDGET,
    restarts: int | None = None,
    on_restart: Callable[[int], None] | None = None,
) -> Hunt:
    """Look for an instance, a point and steps inside the theorem's limits at which it fails.

    Parameters
    ----------
    theorem, name : what to look at, and what it is called on the command line; where this project objects to a theorem
        of the paper, it is looked at all the same
    lam : a number in [0, 1] or a named rule, which counts at t = 0; anything by default
    sampling : a key such as `single` (any probabilities) or `nice`, or one with its argument; any by default
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
    frames = asked_frames(theorem, sampling)
    deadline, evaluations = time.monotonic() + budget, 0
    margin: float | None = None
    for number in range(restarts) if restarts is not None else itertools.count():
        if time.monotonic() > deadline:
            break
        if on_restart is not None:
            on_restart(number)
        frame = frames[number % len(frames)]
        search = Search(theorem, frame, lam, stream(theorem, seed, number))
        best = search.climb(deadline)
        evaluations += search.evaluations
        if best is None:
            continue
        if best.score > 0 and (found := proved(theorem, name or theorem.key, best, frame, lam)) is not None:
            return Hunt(theorem, lam, sampling, seed, budget, found, evaluations, None)
        margin = max(0.0, -best.score) if margin is None else min(margin, max(0.0, -best.score))
    return Hunt(theorem, lam, sampling, seed, budget, None, evaluations, margin)


def stream(theorem: Theorem, seed: int, number: int) -> np.random.Generator:
    """The random numbers of one restart."""
    digest = hashlib.blake2b(theorem.key.encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest, "little"), number])


def proved(theorem: Theorem, name: str, best: Finding, frame: Frame, lam: float | str | None) -> Counterexample | None:
    """The violation, made small and proved; None if it is rounding, or `verify` does not see it."""
    spec = best.trial.instance.weights.spec

    def allowed(trial: Trial) -> bool:
        """What was asked for stays."""
        return lam in (None, trial.lam) and (frame.argument is None or trial.instance.weights.spec == spec)

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


def asked_frames(theorem: Theorem, sampling: str | None) -> list[Frame]:
    """The frames of every family, small ones first, that the theorem and the sampling leave."""
    laws = LAWS if sampling is None else asked_laws(sampling)
    if "full-batch" in theorem.assumptions:
        laws = [law for law in laws if law[1] == "full"]
    if theorem.method != Theorem.method:
        raise NotApplicable(f"{theorem.key}: method={theorem.method}: falsify takes steps of {Theorem.method} only")
    if not laws:
        raise NotApplicable(f"{theorem.key}: sampling={sampling}: the theorem assumes the full batch")
    unknown = [word for word in theorem.assumptions if word not in KNOWN]
    if unknown:
        raise NotApplicable(f"{theorem.key}: no instance that falsify makes is known to have: {', '.join(unknown)}")
    return [
        Frame(build, n, knots, kind, argument, sharp, tilted)
        for size, sharp, tilted in itertools.product(SIZES, (True, False), (False, True))
        for n, kind, argument in laws
        for build, knots in size
        # One f_i alone has neither a tilt nor, without a law, an expected residual to choose.
        if not (n == 1 and tilted) and not (kind == "full" and sharp)
    ]


def asked_laws(sampling: str) -> list[tuple[int, str, float | None]]:
    """(n, kind, argument) for a sampling by its key or with its argument."""
    kind, colon, _ = sampling.partition(":")
    if kind not in samplings():
        raise reject("sampling", sampling, "one of " + ", ".join(samplings()))
    laws = [law for law in LAWS if law[1] == kind]
    if not colon:
        return laws
    chosen = parse_sampling(sampling)
    if isinstance(chosen, Independent):
        return [(n, kind, chosen.p) for n, *_ in laws]
    if isinstance(chosen, (Nice, Replacement)):
        if chosen.tau > 4:
            raise reject("sampling", sampling, "of a batch of at most 4, as the instances are small")
        return [(chosen.tau + more, kind, float(chosen.tau)) for more in (1, 2)]
    raise reject("sampling", sampling, f"{kind} alone: its probabilities are searched for")


@dataclass
class Search:
    """One restart: points of the cube at random, then a climb from the best of them.

    Attributes
    ----------
    evaluations : instances tried so far
    """

    theorem: Theorem
    frame: Frame
    lam: float | str | None
    rng: np.random.Generator
    evaluations: int = 0

    def trial(self, u: Array) -> tuple[Trial, int]:
        """What a point of the cube stands for, and how many of its coordinates matter."""
        dial = Dial(u.tolist())
        instance = self.frame.build(dial, self.frame)
        x = point(dial, instance.d)
        lam = dial.either(0.0, dial.unit(), 1.0) if self.lam is None else self.lam
        return Trial(instance, x, lam, RHO * dial.unit(), dial.log(GAMMA, 1.0)), dial.read

    def score(self, u: Array) -> tuple[Finding | None, int]:
        """What the theorem claims there and what is true."""
        trial, read = self.trial(u)
        self.evaluations += 1
        return attempt(self.theorem, trial), read

    def climb(self, deadline: float) -> Finding | None:
        """The best of the restart; None where the theorem says nothing."""
        best, place, read = None, self.rng.random(COORDINATES), COORDINATES
        for _ in range(DRAWN):
            u = self.rng.random(COORDINATES)
            found, read = self.score(u)
            if found is not None and (best is None or found.score > best.score):
                best, place = found, u
        size = 0.2
        for _ in range(CLIMBED if best is not None else 0):
            if time.monotonic() > deadline:
                break
            u = self.near(place, size, read)
            found, _ = self.score(u)
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
