"""Theorem 3.2 on instances on which its assumptions are attained: one step of the optimiser, its expectation exact."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from samtheory._typing import Array
from samtheory.catalogue import load_problem, load_theorem
from samtheory.conformance.context import PLAIN
from samtheory.conformance.problem import blocks_of, d, flat
from samtheory.conformance.suite import Outcome, Suite, failed, passed
from samtheory.engine.adapter import AdapterStep
from samtheory.request import Request
from samtheory.sampling.base import parse_sampling
from samtheory.status import Status

from .registry import check

if TYPE_CHECKING:
    from samtheory.verification.states import States

#: The instances, and what of the theorem each attains.
INSTANCES = {"tight-pair": "C", "rank-one-pair": "A and Lambda", "scaled-quadratics": "B"}
THEOREM, SAMPLING, LAMS = "unified-sam/3.2", "uniform", (0.0, 0.5, 1.0)
#: Coordinates of the four blocks that hold those of an instance, each in a block of its own.
PLACES = (0, 9)
#: Points at which a step is taken.
POINTS = 16


def pack(x: Array) -> list[Array]:
    """The coordinates of an instance in the blocks of the test problem, 0 elsewhere."""
    whole = np.zeros(d)
    whole[list(PLACES[: len(x)])] = x
    return blocks_of(whole)


@cache
def setting(name: str, lam: float) -> tuple[Any, Any, Any, States]:
    """Problem, law and plan of an instance, and points around its minimiser."""
    from samtheory.verification.states import States, probes

    problem = load_problem(name)
    sampling = parse_sampling(SAMPLING)
    law = problem.law(sampling)
    plan = load_theorem(THEOREM).plan_for(problem.constants(sampling), Request(lam), problem.delta0)
    points = probes(problem, law, (0,), POINTS)
    return problem, law, plan, States(problem, law, points.X, points.names, np.zeros(len(points), dtype=int))


def keeps(name: str) -> Callable[[Suite], Outcome]:
    """The check of one instance."""

    def function(suite: Suite) -> Outcome:
        from samtheory.verification.one_step import one_step

        if any(call.named for call in suite.run(PLAIN).log.calls):
            return Outcome("na", "names draws, which an instance has not")
        ratios = {}
        for lam in LAMS:
            problem, law, plan, states = setting(name, lam)

            def unpack(blocks: Any, size: int = problem.d) -> Array:
                return flat([np.asarray(block) for block in blocks])[list(PLACES[:size])]

            found = one_step(
                problem, law, plan, states, plan.schedule, AdapterStep(suite.adapter.made, problem, pack, unpack)
            )
            if found.verdict == Status.VIOLATED:
                ratio = f"bound / measured {found.bound_ratio:.4g}"
                message = f"{THEOREM} fails, lam = {lam:g}: {found.name} at {found.location}, {ratio}"
                return failed(message, suite.names)
            ratios[lam] = found.bound_ratio
        least = min(ratio for ratio in ratios.values() if ratio is not None)
        return passed(f"keeps {THEOREM}: bound / measured at least {least:.4g}")

    return function


for _place, (_name, _attained) in enumerate(INSTANCES.items()):
    check(
        f"theorem-{_name}",
        370 + _place,
        f"{THEOREM} on {_name}, which attains {_attained}, lam = 0, 1/2, 1: the expectation of one step keeps it.",
        "The optimiser does not keep the theorem that is cited for it.",
        needs="lam",
    )(keeps(_name))
