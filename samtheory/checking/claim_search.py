"""The search for points at which a claim of an assumption fails, by the domain of the claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from samtheory.assumptions import assumptions, symbols
from samtheory.assumptions.base import Assumption
from samtheory.assumptions.claim import Claim, Domain
from samtheory.execution.time_limit import OutOfTime, in_time, rows_in_time, share
from samtheory.problem.at_pairs import pair_quantities
from samtheory.problem.evaluation import TINY, in_blocks
from samtheory.sampling.law import Law
from samtheory.status import Status

from .ascent import Found, search_worst
from .gradient_check import disagreement
from .inequality import ClaimInequality, Inequality, at_means, at_pair, at_point, at_shared_pair
from .search import ASCENTS, Estimate, Finding, ProblemSearch, Searched

GRADIENTS = "differences of order 6 of the values, along axes, gradients, radially, at random"
DESCENTS = "descents (L-BFGS, Newton) from several starts, and every candidate point"
COMPONENT_DESCENTS = "descents of every component from several starts, and every candidate point"
POINTS = "points around minimisers and start at 7 scales, ascent"
PAIRS = "steepest directions, lines along them, far pairs, ascent"
MINIMISER = "at x*"
NO_TIME = "the budget ended before a search"


def findings(search: ProblemSearch, law: Law | None) -> Iterator[Finding]:
    """The findings on every claim that depends on the sampling, for a law; on all others without one."""
    if law is None:
        yield gradients(search)
    if search.problem.outside:
        return
    claims = [(assumption, claim) for assumption in assumptions().values() for claim in assumption.claims]
    asked = [each for each in claims if each[1].searched and each[1].sampled == (law is not None)]
    made = in_time(1.0, lambda: [each for each in asked if stated(search, *each, law)], asked)
    for each in asked:
        fraction = 2 / (1 + len(made) - made.index(each)) if each in made else 1.0
        undecided = [Finding(name, None, Status.UNDECIDED, None, NO_TIME, 0) for name in judged_names(*each)]
        yield from in_time(1.0, partial(judge, search, *each, law, fraction), undecided)


def judged_names(assumption: Assumption, claim: Claim) -> list[str]:
    """The constants of the assumption that the claim judges, or the property that it is."""
    introduced = {symbol.name for symbol in assumption.symbols}
    return [name for name in claim.constants if name in introduced] or [assumption.word]


def stated(search: ProblemSearch, assumption: Assumption, claim: Claim, law: Law | None) -> bool:
    """Whether the problem makes the claim, with all its constants."""
    constants = search.constants(law)
    claimed = assumption.word in search.claimed(law)
    return claimed and all(getattr(constants, name) is not None for name in claim.constants)


def judge(
    search: ProblemSearch, assumption: Assumption, claim: Claim, law: Law | None, fraction: float = 0.5
) -> list[Finding]:
    """A finding for each constant that the claim judges, or for the property that it is.

    Parameters
    ----------
    fraction : of the time left, for the search
    """
    names = judged_names(assumption, claim)
    constants = search.constants(law)
    if not stated(search, assumption, claim, law):
        return [Finding(name, None, Status.NOT_CLAIMED, None, "", 0, sampled=claim.sampled) for name in names]
    outcome = in_time(fraction, partial(searched, search, claim, constants, law), None)
    found = []
    for name in names:
        finding = replace(concluded(name, outcome), sampled=claim.sampled)
        if finding.witness is not None and outcome is not None:
            finding = replace(finding, line=line_through(search, outcome))
        constant = name if name in claim.constants else next(iter(assumption.uses), None)
        if constant is not None:
            value, best = numbers(constant, getattr(constants, constant), outcome)
            finding = replace(
                finding,
                claimed=value,
                best_known=best,
                provenance=search.provenance(constant, law),
                constant=constant,
                together=claim.constants,
            )
        if finding.verdict == Status.FALSIFIED and outcome is not None and outcome.found.z is not None:
            search.outcomes[finding.name, law if claim.sampled else None] = outcome.inequality, outcome.found.z
        found.append(finding)
    return found


def numbers(constant: str, value: Any, outcome: Searched | None) -> tuple[float | None, float | None]:
    """The claimed value of a constant, of the component where it is worst, and the best known one."""
    if outcome is None:
        return (float(value) if np.ndim(value) == 0 else None), None
    inequality, found, _, evaluated = outcome
    seen = evaluated if found.z is None else np.concatenate([evaluated, found.z[None]])
    best = partial(inequality.best_value, constant, symbols()[constant].downwards, seen)
    return inequality.value_of(value), in_time(0.3, best, None)


def finding_of(search: ProblemSearch, word: str, name: str, law: Law | None = None) -> Finding:
    """The finding on one constant of an assumption."""
    assumption = assumptions()[word]
    (claim,) = (claim for claim in assumption.claims if claim.searched and name in claim.constants)
    return next(each for each in judge(search, assumption, claim, law) if each.name == name)


def concluded(name: str, outcome: tuple[Inequality, Found, str, Any] | None) -> Finding:
    """The finding of a search for a point where an inequality fails; undecided where there was no time for one."""
    if outcome is None or outcome[1].evaluations == 0:
        return Finding(name, None, Status.UNDECIDED, None, NO_TIME, 0)
    inequality, found, method, _ = outcome
    witness = inequality.witness(found.z) if found.falsified and found.z is not None else None
    verdict = Status.FALSIFIED if witness else Status.CONSISTENT
    return Finding(name, None, verdict, None, method, found.evaluations, witness)


def line_through(search: ProblemSearch, outcome: Searched) -> dict[str, list[float | None]] | None:
    """Both sides along the line through a witness, from the minimiser or else the start; None where time ran out."""
    inequality, found, *_ = outcome
    if found.z is None:
        return None
    problem = search.problem
    centre = problem.x0 if problem.x_star is None else problem.x_star
    return in_time(0.1, partial(inequality.line, found.z, centre), None)


def gradients(search: ProblemSearch) -> Finding:
    """Gradients against function values."""

    def compare() -> tuple[Inequality, Found, str, None]:
        asked = search.of_components
        found = disagreement(asked.context, asked.points, search.level, asked.rng("gradients"))
        return *found, GRADIENTS, None

    return concluded("gradients", in_time(0.3, compare, None))


def searched(search: ProblemSearch, claim: Claim, constants: SimpleNamespace, law: Law | None) -> Searched:
    """The search for a point or pair where a claim fails."""
    if (own := search.special(claim, constants, law)) is not None:
        return own
    match claim.domain:
        case Domain.POINT:
            return over_points(search, claim, constants, law)
        case Domain.MINIMISER:
            return at_minimiser(search, claim, constants, law)
        case Domain.COMPONENT:
            return over_components(search, claim, constants)
        case Domain.PAIR_OF_F:
            return over_pairs(search, claim, constants, search.f)
        case Domain.PAIR_OF_COMPONENT:
            return over_pairs(search, claim, constants, search.components)
        case Domain.PAIRS_OF_COMPONENTS:
            return over_means(search, claim, constants, search.components)
    assert law is not None
    if claim.domain is Domain.SHARED_PAIR:
        return over_shared_pairs(search, claim, constants, law)
    estimate = search.sampled(law)
    if claim.domain is Domain.PAIR_OF_SAMPLED:
        return over_pairs(search, claim, constants, estimate)
    if estimate.probability is None and claim.consequence is not None:
        return searched(search, claim.consequence, constants, law)
    return over_means(search, claim, constants, estimate)


def over_points(search: ProblemSearch, claim: Claim, constants: Any, law: Law | None) -> Searched:
    """Every candidate point, ascents and random walks from the worst; infima have their descents already."""
    points, inequality = search.points, at_point(claim, constants, search.context, law)
    if claim.signed:
        found = search_worst(inequality, points.X, points.unit)
        found = replace(found, evaluations=points.evaluations + found.evaluations)
        return Searched(inequality, found, DESCENTS, points.X)
    trivial = law is not None and law.deterministic
    with np.errstate(all="ignore"):
        merits = rows_in_time(inequality.merit, points.X)
    starts = [] if trivial else points.starts(merits, (1 if claim.sampled else 3) * search.ascents)
    walkers = 0 if trivial else search.walkers
    found = search_worst(inequality, points.X, points.unit, starts, merits, walkers)
    return Searched(inequality, found, POINTS, points.X[: len(merits)])


def at_minimiser(search: ProblemSearch, claim: Claim, constants: Any, law: Law | None) -> Searched:
    """The claimed minimiser alone."""
    x_star = search.problem.x_star
    assert x_star is not None
    inequality = at_point(claim, constants, search.context, law)
    found = search_worst(inequality, x_star[None], np.ones(1))
    return Searched(inequality, found, MINIMISER, x_star[None])


def over_components(search: ProblemSearch, claim: Claim, constants: Any) -> Searched:
    """The lowest points of every component, from the one that is lowest relative to its claim."""
    claimed, X = constants.f_i_inf, search.points.X
    with np.errstate(all="ignore"):
        values = rows_in_time(lambda Y: in_blocks(search.problem.objective.values, Y, search.problem.n), X)
    X = X[: len(values)]
    members, own, own_values = search.own_lowest
    margin = np.nan_to_num(values, nan=np.inf).min(axis=0) - claimed
    margin[members] = np.minimum(margin[members], own_values - claimed[members])
    count = values.size + len(own)
    outcome = None
    with share(0.8):
        for i in np.argsort(margin / (np.abs(claimed) + np.abs(values[0]) + TINY), kind="stable")[:ASCENTS]:
            points = np.concatenate([X[np.argsort(values[:, i], kind="stable")[:8]], own[members == i]])
            inequality = at_point(claim, constants, search.context, None, int(i))
            found = replace(search_worst(inequality, points, np.ones(1)), evaluations=count)
            outcome = Searched(inequality, found, COMPONENT_DESCENTS, points)
            if found.falsified:
                break
    if outcome is None:
        raise OutOfTime
    return outcome


def over_pairs(search: ProblemSearch, claim: Claim, constants: Any, estimate: Estimate) -> Searched:
    """The steepest pair of every member, or the least convex one, for the member where the claim is worst."""
    family, found = estimate.family, estimate.found
    pairs = found.concave_pair if claim.signed else found.pair
    everything = ClaimInequality(
        claim, constants, lambda Z, _: pair_quantities(family, Z, np.arange(len(Z))), lambda z: {}
    )
    k = int(np.argmax(found.negative_curvature if claim.signed else everything.merit(pairs)))
    inequality = at_pair(claim, constants, family, k)
    worst = search_worst(inequality, pairs[k][None], np.ones(1))
    return Searched(inequality, replace(worst, evaluations=found.evaluations), PAIRS, pairs[k][None])


def over_means(search: ProblemSearch, claim: Claim, constants: Any, estimate: Estimate) -> Searched:
    """The steepest pairs of all members together."""
    assert estimate.probability is not None
    found = estimate.found
    inequality = at_means(claim, constants, estimate.family, estimate.probability)
    worst = search_worst(inequality, found.pair[None], np.ones(1))
    return Searched(inequality, replace(worst, evaluations=found.evaluations), PAIRS, found.pair[None])


def over_shared_pairs(search: ProblemSearch, claim: Claim, constants: Any, law: Law) -> Searched:
    """The steepest pairs of f and of the components with the largest L_i."""
    pairs = search.shared_pairs()
    inequality = at_shared_pair(claim, constants, search.context, law)
    return Searched(inequality, search_worst(inequality, pairs, np.ones(1)), PAIRS, pairs)
