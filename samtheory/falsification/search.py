"""Search for a counterexample to a theorem: random restarts and local search over small instances.

An instance is a point of the unit cube (`instances.parametrisation`), and the search climbs to where E V+ exceeds its
bound the most (`climb`).  A violation is made small (`shrink`) and evaluated again without rounding
(`counterexample`).  The restarts depend on the theorem and the seed alone: a budget only cuts their sequence short.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._version import __version__
from samtheory.errors import NotApplicable, positive, whole
from samtheory.execution.time_limit import end_of, interrupting, within
from samtheory.io.json import under
from samtheory.io.result import Result
from samtheory.sampling.base import Sampling
from samtheory.schedules import Rule, is_constant, rule, rule_text
from samtheory.theorems.base import Theorem

from . import counterexample
from .candidate import Candidate
from .climb import Search
from .counterexample import Counterexample, confirmed, reproduced
from .evaluation import Evaluation
from .shrink import shrunk
from .spaces import Target, in_words, takes_bursts, targets

SCHEMA = "samtheory.falsify/1"
KEYS = {
    SCHEMA: {
        "budget": "seconds of the search",
        "counterexample": "the instance at which the theorem fails, null for none",
        **under("counterexample", counterexample.KEYS),
        "evaluations": "instances that were tried",
        "margin": "smallest relative distance of the true value from the bound, null where there is none",
    }
}

#: So many restarts take one step, before the effort is shared.
FIRST = 16
#: Effort for several steps with randomness, in units of that without.
RANDOM = 0.5
#: Seconds, where no budget is given; a proof may take this fraction of the budget more.
BUDGET, PROOF = 60.0, 0.15


@dataclass(frozen=True, repr=False)
class Falsification(Result):
    """The outcome of a search for a counterexample.

    Attributes
    ----------
    counterexample : None where nothing was found
    evaluations : instances tried
    margin : the smallest (bound - measured) seen, see `evaluation.relative`; None where nothing was comparable
    unproved : whether a violation was seen in floats for whose proof there was no time
    """

    theorem: Theorem
    lam: Rule | None
    sampling: str | None
    seed: int
    budget: float
    counterexample: Counterexample | None
    evaluations: int
    margin: float | None
    unproved: bool = False

    def headline(self) -> str:
        """The counterexample, or how near the search came to one."""
        key, tried = self.theorem.key, f"{self.evaluations:,} instances tried"
        if self.unproved:
            return f"{key}: undecided, {tried}; a violation in floats, and the budget ended before its proof"
        if self.counterexample is None:
            nearest = "none within the theorem's assumptions and limits"
            if self.margin is not None:
                nearest = f"smallest distance of the true value from the bound {self.margin:.2g}, relative"
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
    lam: Rule | None = None,
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
    lam : a number in [0, 1] or a named rule; anything by default
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
    deadline, evaluations = end_of(budget), 0
    margin: float | None = None
    lam = asked_lam(theorem, lam)
    sequences, bursts = targets(theorem, sampling), takes_bursts(theorem, lam)
    work, turns = [0.0] * len(sequences), [0] * len(sequences)
    silent: set[Target] = set()
    text = None if sampling is None else in_words(sampling)
    fixed = isinstance(sampling, Sampling) or (sampling is not None and ":" in sampling)
    for number in range(restarts) if restarts is not None else itertools.count():
        open_ = [k for k, sequence in enumerate(sequences) if not silent.issuperset(sequence)]
        if time.monotonic() > deadline or not open_:
            break
        if on_restart is not None:
            on_restart(number)
        kind = 0 if number < FIRST and 0 in open_ else min(open_, key=lambda k: work[k])
        while (target := sequences[kind][turns[kind] % len(sequences[kind])]) in silent:
            turns[kind] += 1
        turns[kind] += 1
        search = Search(theorem, target, lam, stream(theorem, seed, number), bursts and turns[kind] % 4 > 0)
        with interrupting(), within(deadline) as limit:
            best = search.climb(deadline)
        evaluations += search.evaluations
        if limit.cut:
            break
        if number >= FIRST:
            work[kind] += search.work / (1 if kind < 2 else RANDOM)
        if best is None:
            silent.add(target)  # the theorem says nothing of any of its instances
            continue
        if best.score > 0:
            found = None
            with interrupting(), within(deadline + PROOF * budget) as limit:
                found = proved(theorem, name or theorem.key, best, fixed, lam)
            if found is not None or limit.cut:
                return Falsification(theorem, lam, text, seed, budget, found, evaluations, None, unproved=limit.cut)
        margin = max(0.0, -best.score) if margin is None else min(margin, max(0.0, -best.score))
    return Falsification(theorem, lam, text, seed, budget, None, evaluations, margin)


def stream(theorem: Theorem, seed: int, number: int) -> np.random.Generator:
    """The random numbers of one restart."""
    digest = hashlib.blake2b(theorem.key.encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest, "little"), number])


def proved(theorem: Theorem, name: str, best: Evaluation, fixed: bool, lam: Rule | None) -> Counterexample | None:
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


def asked_lam(theorem: Theorem, lam: Rule | None) -> Rule | None:
    """lam, checked; the theorem's only one where it has one, None for any."""
    if lam is None:
        return theorem.only
    chosen = rule("lam", lam)
    if not theorem.varying_lam and not is_constant(chosen):
        raise NotApplicable(f"{theorem.key}: lam={lam}: the theorem covers constant lam only")
    if theorem.only is not None and chosen != theorem.only:
        raise NotApplicable(f"{theorem.key}: lam={lam}: the theorem covers lam={theorem.only} only")
    return chosen
