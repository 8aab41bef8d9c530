"""How far each theorem is from what each method of the catalogue does: one step exactly, and a run."""

from __future__ import annotations

from collections.abc import Iterator

from samtheory.calculator.classes import reading_of
from samtheory.catalogue import load_method, load_problem, methods, theorems
from samtheory.engine.laws import law_of
from samtheory.engine.run import run
from samtheory.errors import InputError, NotApplicable
from samtheory.request import Request
from samtheory.sampling.base import parse_sampling
from samtheory.schedules import Schedule
from samtheory.theorems.base import Theorem
from samtheory.verification.one_step import one_step
from samtheory.verification.states import gather
from samtheory.verification.trajectories import trajectories

from . import rst

#: A problem, a sampling, and a radius relative to 1/L; the steps and trials of a run.
PLACES, RADIUS = (("tight-pair", "uniform"), ("ridge", "full")), 0.02
STEPS, TRIALS = 200, 64


def pages() -> Iterator[tuple[str, str]]:
    """The page."""
    text = rst.title("Methods and theorems: slack") + rst.paragraph(
        f"Each theorem that covers a method, at its own steps and ρ = {RADIUS}/L. *One step*: the smallest "
        "bound / exact expectation over the states of a verification; 1 is attained. *Run*: measured / promised after "
        f"{STEPS} steps, the mean of {TRIALS} runs; 1 is an exact promise. A method that is not listed is covered by "
        "no theorem there."
    )
    for place in PLACES:
        text += rst.title(f"{place[0]}, {place[1]}", 1)
        for name in methods():
            text += rst.table([name, "one step", "run"], rows(name, *place))
    yield "reference/slack.rst", text


def rows(name: str, problem_name: str, sampling_name: str) -> Iterator[tuple[str, str, str]]:
    """A row for each theorem that covers the method on the problem under the sampling."""
    problem, sampling = load_problem(problem_name), parse_sampling(sampling_name)
    try:
        method = load_method(name, problem)
    except (NotApplicable, InputError):
        return
    reading, rho, L = reading_of(method, name), RADIUS / float(problem.L), float(problem.L)
    law = law_of(problem, sampling, method)
    visited = run(problem, sampling, Schedule(0.2 / L, rho, 1.0), steps=20, trials=2, seed=1)
    states, known = gather(problem, problem.law(sampling), visited, [7]), reading.constants(problem, sampling, rho)
    for key, theorem in theorems().items():
        if reading.why_not_covered(theorem) or theorem.why_not_applicable(known):
            continue
        request = Request(reading.lam(theorem, None), fitting(theorem, rho), trials=TRIALS, steps=STEPS, seed=0)
        try:
            plan = theorem.plan_for(known, reading.request(theorem, request), problem.delta0)
            one = one_step(problem, law, plan, states, reading.schedule(plan.schedule), method)
            (line,) = trajectories(problem, sampling, [theorem], [request], method, None, reading).lines
        except (NotApplicable, InputError):
            continue
        ratio = "–" if one.bound_ratio is None else f"{one.bound_ratio:.3g}"
        yield rst.literal(key), ratio, f"{line.mean[-1] / line.bound[-1]:.3g}"


def fitting(theorem: Theorem, rho: float) -> float | None:
    """The radius, unless the theorem is about SGD."""
    return None if theorem.sees == "nothing" else rho
