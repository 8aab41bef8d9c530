"""The search spaces of a theorem: families of functions, samplings, and how many steps are taken."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

from samtheory.assumptions import assumptions
from samtheory.errors import InputError, NotApplicable, reject
from samtheory.sampling.base import Sampling, parse_sampling, samplings
from samtheory.sampling.full import Full
from samtheory.schedules import Rule
from samtheory.theorems.base import Theorem

from .candidate import NOTHING_SAID, Burst, Candidate, planned
from .instances.arithmetic import FLOAT
from .instances.base import Instance
from .instances.facts import InstanceFacts
from .instances.finite_law import FiniteLaw
from .instances.parametrisation import Decoder, SamplingSpace, SearchSpace, landscape, piecewise, planar, sines
from .instances.piecewise import Piecewise

#: The largest n of the search over all samplings; the largest, the number of sizes and of outcomes for one asked for.
SMALL, LARGEST, ASKED_SIZES, OUTCOMES = 3, 6, 3, 64
#: Families of functions, groups of one complexity, the simplest first: (constructor, knots).
FAMILIES: list[list[tuple[Callable[[Decoder, SearchSpace], Instance], int]]] = [
    [(piecewise, 0)],
    [(piecewise, 1), (planar, 0)],
    [(sines, 0), (piecewise, 2), (landscape, 3)],
]
#: Of the runs of several steps with nothing random, this many are on a landscape for each on another family.
LANDSCAPES = 3


@dataclass(frozen=True)
class Target:
    """What a restart searches.

    Attributes
    ----------
    space : the search space
    several : whether several steps are taken, for the bounds over time; otherwise one
    """

    space: SearchSpace
    several: bool


def targets(theorem: Theorem, sampling: str | Sampling | None) -> list[list[Target]]:
    """Three sequences of targets that share the effort: one step; several without and with randomness.

    Raises
    ------
    InputError, NotApplicable
        As `search_spaces`.
    """
    spaces = search_spaces(theorem, sampling)
    certain = [space for space in spaces if outcome_count(space.sampling_space, space.n) == 1]
    flat = [space for space in certain if space.build is landscape]
    mixed = [each for space in certain if space not in flat for each in (*flat * LANDSCAPES, space)]
    random = [space for space in spaces if space not in certain]
    sequences = [
        [Target(space, several=False) for space in spaces],
        [Target(space, several=True) for space in mixed],
        [Target(space, several=True) for space in random],
    ]
    return [sequence for sequence in sequences if sequence]


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


def takes_bursts(theorem: Theorem, lam: Rule | None) -> bool:
    """Whether rho and gamma may change with t: tried on a parabola."""
    parabola = InstanceFacts.of(Piecewise(Full(), None, (1.0,), ()), FLOAT, theorem.assumptions)
    first = Candidate(parabola.instance, (1.0,), 0.0 if lam is None else lam, 0.5, 0.5, Burst(1, 0.5, 0.5))
    try:
        planned(theorem, parabola.constants(), first)
    except NOTHING_SAID:
        return False
    return True


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
