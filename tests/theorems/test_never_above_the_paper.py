"""On the whole catalogue, at the paper's own steps, no number that we promise is above the paper's.

A rate counts far from the minimum: nearer, the best bound may fall more slowly than the paper's and be below it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import samtheory as st
from samtheory.catalogue import load_theorem, problems
from samtheory.constants import Constants
from samtheory.errors import MissingExtra
from samtheory.sampling.base import samplings
from samtheory.theorems import ours_non_convex
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

TIMES = np.array([1, 2, 10, 100])
#: Far from the minimum: so many times delta0.
FAR = 1e6
#: Iterations are counted to these goals, in units of the start, where the paper needs no more than `MOST`.
GOALS, MOST = (0.3, 1e-2), 10**5
ROUNDING = 1 + 1e-9


def cells(name: str) -> Iterator[tuple[str, Constants, float]]:
    """(sampling, constants, delta0) of a problem of the catalogue; none where it is outside of all theory.

    One sampling of each kind, another one for the next problem.
    """
    try:
        problem = st.load_problem(name)
    except MissingExtra as reason:
        pytest.skip(str(reason))
    if problem.outside:
        return
    turn = list(problems()).index(name)
    for kind in samplings().values():
        examples = list(kind.examples(problem.n))
        for sampling in examples[turn % max(len(examples), 1) :][:1]:
            yield sampling.spec, problem.constants(sampling), problem.delta0


def plans(constants: Constants, delta0: float) -> Iterator[tuple[str, Plan]]:
    """The paper's promises: at the steps that each theorem takes by itself, and at others that it allows."""
    for key in ("unified-sam/3.2", "unified-sam/3.3", "unified-sam/3.4", "unified-sam/3.5", "unified-sam/rollout",
                "unified-sam/3.7"):  # fmt: skip
        theorem = load_theorem(key)
        for lam in ("1/t", "1-1/t") if theorem.varying_lam else (0.0, 0.5, 1.0):
            if theorem.why_not_applicable(constants, lam):
                continue
            yield f"{key}, lam={lam}", theorem.plan(constants, lam)
            if key in ("unified-sam/3.3", "unified-sam/3.7"):
                goal = delta0 / 100 if key == "unified-sam/3.3" else math.sqrt(constants.L * delta0) / 10
                yield f"{key}, lam={lam}, epsilon", theorem.plan(constants, lam, epsilon=goal, delta0=delta0)
            if key == "unified-sam/3.2":
                rho_max, gamma_max = theorem.admissible(constants, lam)
                for part in (0.01, 0.9):
                    rho = part * rho_max
                    yield f"{key}, lam={lam}, {part:g} rho_max", theorem.plan(constants, lam, rho, gamma_max(rho) / 3)


def above(constants: Constants, delta0: float, paper: Plan, ours: Theorem) -> list[str]:
    """The numbers in which ours, at the same steps, is above the paper's."""
    gamma, rho, lam = paper.schedule.gamma, paper.schedule.rho, paper.schedule.lam
    plan, found = ours.plan(constants, lam, rho, gamma), []
    for what, times, start in (("bound", TIMES, delta0), ("rate", TIMES[:3], FAR * delta0)):
        if (plan.bound(times, start) > paper.bound(times, start) * ROUNDING).any():
            found.append(what)
    if paper.neighbourhood is not None and plan.neighbourhood > paper.neighbourhood * ROUNDING:
        found.append("neighbourhood")
    if not paper.schedule.constant:
        return found
    squared = paper.theorem.measure == "min_grad2"
    for part in GOALS:
        goal = part * (math.sqrt(constants.L * delta0) if squared else delta0)
        theirs = paper.iterations(goal, delta0)
        if theirs is not None and theirs <= MOST:
            best = plan.iterations(goal, delta0)
            found += ["iterations"] if best is None or best > theirs else []
    return found


def all_above(name: str, tight: Theorem, non_convex: Theorem) -> tuple[list[str], int]:
    """Every number of every cell of a problem that is above the paper's, and how many promises were compared."""
    found, compared = [], 0
    for spec, constants, delta0 in cells(name):
        for words, paper in plans(constants, delta0):
            compared += 1
            ours = non_convex if paper.theorem.measure == "min_grad2" else tight
            found += [f"{name}, {spec}, {words}: {what}" for what in above(constants, delta0, paper, ours)]
    return found, compared


@pytest.mark.parametrize("name", problems())
def test_ours_is_at_most_the_paper(name):
    found, compared = all_above(name, load_theorem("ours/tight"), load_theorem("ours/non-convex"))
    assert found == []
    assert compared or st.load_problem(name).outside


def test_a_looser_inequality_is_seen(monkeypatch):
    """More of the second-order term, and no member of the paper to fall back on."""
    tight, non_convex = load_theorem("ours/tight"), load_theorem("ours/non-convex")
    looser = [k * (4 if order == 3 else 1) for order, k in enumerate(tight.kappas)]
    found, _ = all_above("ridge", replace(tight, kappas=tuple(looser), others=()), non_convex)
    assert {each.rpartition(" ")[2] for each in found} == {"bound", "rate", "neighbourhood", "iterations"}
    monkeypatch.setattr(ours_non_convex, "master", tuple(looser))
    found, _ = all_above("sine-1d", tight, non_convex)
    assert {"bound", "iterations"} <= {each.rpartition(" ")[2] for each in found}
