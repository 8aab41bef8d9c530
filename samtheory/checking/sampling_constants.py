"""The search for a place where a constant under a sampling is wrong."""

from __future__ import annotations

import numpy as np

from samtheory.sampling.law import Draw, Law, Outcomes

from .ascent import Effort, hunt
from .lipschitz_search import Steepest, among, steepest
from .pairwise import Family, PairMoment, sampled
from .pointwise import Around, Noise, Residual
from .rounding import SecondMoment, enumerable
from .search import PAIRS, POINTS, Falsifier, Finding, finding, unclaimed

#: Outcomes times dimension up to which every sampled function is searched by itself.
OUTCOMES = 20_000
#: Sampled functions looked at where there are more outcomes.
DRAWS = 64

LIPSCHITZ_V = "||g_v(x) - g_v(y)|| <= Lambda ||x - y||"


def of_sampling(search: Falsifier, law: Law) -> list[Finding]:
    """The findings under one sampling."""
    return [] if search.problem.outside else [*smoothness(search, law), *residual(search, law), *around(search, law)]


def smoothness(search: Falsifier, law: Law) -> list[Finding]:
    """Mean, root mean square and essential supremum of the smoothness of the sampled function."""
    bounds = [float(bound) for bound in search.problem.smoothness_of(law)]
    names = ("Lambda1", "Lambda2", "Lambda")
    if law.deterministic:
        family, found = search.f
        text = "||grad f(x) - grad f(y)|| <= {} ||x - y||"
        return [
            search.lipschitz(name, bound, family, found, 0, text.format(name))
            for name, bound in zip(names, bounds, strict=True)
        ]
    outcomes = enumerable(law, max(OUTCOMES // search.problem.d, 1))
    if outcomes is None:
        return smoothness_of_draws(search, law, *bounds)
    family, found = of_outcomes(search, outcomes)
    mean = "sum over v of p_v ||g_v(x_v) - g_v(y_v)|| / ||x_v - y_v|| <= Lambda1"
    square = "sqrt(sum over v of p_v ||g_v(x_v) - g_v(y_v)||^2 / ||x_v - y_v||^2) <= Lambda2"
    return [
        search.mean_lipschitz("Lambda1", bounds[0], family, found, outcomes.probability, 1, mean),
        search.mean_lipschitz("Lambda2", bounds[1], family, found, outcomes.probability, 2, square),
        search.lipschitz("Lambda", bounds[2], family, found, int(np.argmax(found.ratio)), LIPSCHITZ_V),
    ]


def smoothness_of_draws(search: Falsifier, law: Law, Lambda1: float, Lambda2: float, Lambda: float) -> list[Finding]:
    """The same where the outcomes are too many: Lambda1 against f, Lambda2 against pairs, Lambda against draws."""
    L_i, drawn = search.problem.L_i.values, law.draw(search.rng("draws"), DRAWS**2)
    steepness = (drawn.weights * L_i[drawn.indices]).sum(axis=1)
    keep = np.argsort(-steepness, kind="stable")[: DRAWS * search.effort.level]
    chosen = Outcomes(Draw(drawn.indices[keep], drawn.weights[keep]), np.full(len(keep), 1 / len(keep)))
    family, found = of_outcomes(search, chosen)
    f, f_found = search.f
    second = PairMoment(search.setting, SecondMoment(law), Lambda2)
    pairs = np.concatenate([f_found.pair, search.components[1].pair[np.argsort(-L_i, kind="stable")[:DRAWS]]])
    worst = hunt(second, pairs, np.ones(1), search.effort)
    return [
        search.lipschitz("Lambda1", Lambda1, f, f_found, 0, "||grad f(x) - grad f(y)|| <= Lambda1 ||x - y||"),
        finding("Lambda2", Lambda2, second, worst, Lambda2 * worst.merit, PAIRS),
        search.lipschitz("Lambda", Lambda, family, found, int(np.argmax(found.ratio)), LIPSCHITZ_V),
    ]


def of_outcomes(search: Falsifier, outcomes: Outcomes) -> tuple[Family, Steepest]:
    """The sampled functions and their steepest pairs, those of their components and of f among them."""
    family, (indices, weights) = sampled(search.setting, outcomes), outcomes.draw
    if search.problem.region:
        return family, among(family, search.places.X, search.rng("outcomes"))
    at, (_, found_i), (_, found_f) = search.places, search.components, search.f
    middles = np.concatenate([found_f.pair[:, 0], found_i.pair[np.argsort(-found_i.ratio)[:2], 0]])
    bases = np.concatenate([middles, at.X[: at.centres]])
    found = steepest(family, bases, None, at.size, Effort(0, search.effort.deadline), search.rng("outcomes"))
    lead = indices[np.arange(len(indices)), np.argmax(weights * found_i.ratio[indices], axis=1)]
    members = np.arange(family.count)
    for pair in (found_i.pair[lead], np.broadcast_to(found_f.pair, (family.count, *found_f.pair.shape[1:]))):
        found.offer(pair[:, 0] + pair[:, 1], pair[:, 0] - pair[:, 1], members)
    return family, found


def residual(search: Falsifier, law: Law) -> list[Finding]:
    """A, B and C, which one inequality judges together, and the bounded variance where it is claimed."""
    names = ("A", "B", "C")
    claimed = search.problem.expected_residual(law)
    if claimed is None:
        return [unclaimed(name) for name in (*names, "bounded-variance")]
    A, B, C = (float(getattr(claimed, name)) for name in names)
    at = search.places
    inequality = Residual(search.setting, SecondMoment(law), A, B, C)
    merits = inequality.merit(at.X)
    climbs = 0 if law.deterministic else search.climbs
    walkers = 0 if law.deterministic else search.walkers
    found = hunt(inequality, at.X, at.unit, search.effort, at.starts(merits, climbs), merits, walkers)
    seen = at.X if found.z is None else np.concatenate([at.X, found.z[None]])
    needed = inequality.needed(seen)
    judged = [
        finding(name, value, inequality, found, best, POINTS + "; the other two as claimed")
        for name, value, best in zip(names, (A, B, C), needed, strict=True)
    ]
    if A == 0 and B == 1:
        return [*judged, finding("bounded-variance", C, inequality, found, needed[2], POINTS)]
    return [*judged, unclaimed("bounded-variance")]


def around(search: Falsifier, law: Law) -> list[Finding]:
    """Lcal, R and sigma2, the expected smoothness around x* and the noise there."""
    names = ("Lcal", "R", "sigma2")
    constants = search.problem.expected_smoothness(law)
    if constants is None or search.problem.x_star is None:
        return [unclaimed(name) for name in names]
    at, second = search.places, SecondMoment(law)
    judged = []
    for name, constant in zip(names[:2], constants, strict=False):
        inequality = Around(search.setting, second, float(constant), centred=name == "R")
        merits = inequality.merit(at.X)
        found = hunt(inequality, at.X, at.unit, search.effort, (), merits, 0 if law.deterministic else search.walkers)
        best = max(float(constant) * found.merit, 0.0) if np.isfinite(found.merit) else None
        judged.append(finding(name, float(constant), inequality, found, best, POINTS))
    noise = Noise(search.setting, second, float(constants[2]))
    found = hunt(noise, search.problem.x_star[None], np.ones(1), search.effort)
    best = float(noise.sides(search.problem.x_star[None]).left[0])
    return [*judged, finding("sigma2", noise.sigma2, noise, found, best, "E||g||^2 at x*, exactly")]
