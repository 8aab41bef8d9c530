"""The constants of a problem under the cheap searches of `check`: what is wrong where no run goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from samtheory.checking.card import Card, Search
from samtheory.checking.needed import needed
from samtheory.checking.search import Finding
from samtheory.problem.evaluation import cost
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.status import Status
from samtheory.theorems.base import Theorem

from .evidence import Evidence, skipped

KIND, NAME, LEVEL = "hypothesis", "search", "least"
#: The kind of evidence on functions that raise, are not finite, or answer one question in two ways.
ORACLE = "oracle"
#: Problems of which a point takes more multiplications are not searched.
MOST = 50_000
#: Coordinates of a point that are shown.
COORDINATES = 4


def searched(problem: Problem, sampling: Sampling, theorem: Theorem, seed: int) -> list[Evidence]:
    """The constants that the theorem needs and the search finds wrong, the causes first; one piece where there is none.

    A problem is searched once for each sampling, whatever theorems are verified.
    """
    if cost(problem) > MOST:
        return [skipped(KIND, NAME, f"n d = {cost(problem)}: more than {MOST}: samtheory check searches it")]
    card, names = card_of(problem, sampling, seed), needed([theorem])
    wrong = [finding for finding in card.falsified if finding.name in names]
    if not wrong:
        points = sum(finding.evaluations for finding in card.constants)
        return [Evidence(KIND, NAME, Status.HOLDS, "exact", None, "", points)]
    return [evidence(finding) for finding in sorted(wrong, key=lambda each: each.cause is not None)]


def evidence(finding: Finding) -> Evidence:
    """A falsified constant as evidence, with the place of its witness."""
    witness = dict(finding.witness or {})
    left, right, message = witness.get("left", 0.0), witness.get("right", 0.0), witness.get("message")
    said = f"{witness.get('inequality')} fails: {left:.10g} against {right:.10g}" if message is None else finding.method
    cause = "" if finding.cause is None else f"; wrong only because of {finding.cause}"
    component = f", component {witness['component']}" if witness.get("component") is not None else ""
    return Evidence(
        KIND if message is None else ORACLE,
        finding.name,
        Status.ASSUMPTION_FAILS,
        "exact",
        right / left if left > 0 and right > 0 and math.isfinite(right / left) else None,
        f"x = {shown(witness['x'])}{component}" if "x" in witness else "",
        finding.evaluations,
        said + cause,
    )


def shown(points: Sequence[Any]) -> str:
    """The first coordinates of a point, or of the first of several."""
    x = np.atleast_2d(points)[0].tolist()
    return f"({', '.join(f'{value:.6g}' for value in x[:COORDINATES])}{', ...' if len(x) > COORDINATES else ''})"


@lru_cache(maxsize=16)
def card_of(problem: Problem, sampling: Sampling, seed: int) -> Card:
    """The card of a problem under a sampling."""
    return _begun(problem, seed).card(sampling)


@lru_cache(maxsize=2)
def _begun(problem: Problem, seed: int) -> Search:
    return Search(problem, LEVEL, seed, problem.data, math.inf)
