"""What the theory is worth: the iterations that each theorem promises, and those that are enough."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.catalogue import load_problem, theorems
from samtheory.constants import Constants
from samtheory.engine.run import Curves, log_times, run_many
from samtheory.errors import InputError, NotApplicable
from samtheory.io.kept_numbers import Tolerance
from samtheory.problem.distance import distance_to_set, starts
from samtheory.problem.problem import Problem
from samtheory.sampling.base import parse_sampling
from samtheory.schedules import Rule
from samtheory.theorems.base import Theorem
from samtheory.theorems.plan import Plan

from . import style
from .base import Numbers
from .numbers import FORMULA, Table

#: (problem, sampling); every theorem that covers lam there is taken up.
PROBLEMS = (("ridge", "uniform"), ("interpolated-ls", "uniform"), ("robust", "uniform"), ("sine-1d", "full"))
QUICK_PROBLEMS = PROBLEMS[-1:]
LAM, SEED, TRIALS, LONGEST = 0.5, 0, 16, 100_000
#: The measure is to fall to this part of what it is at x0.
GOAL = 0.1
#: rho and gamma are divided by SHRINK until the promise reaches the goal, at most TRIES times.
SHRINK, TRIES = 4.0, 14
RECORDS = 400


@dataclass(frozen=True)
class Promise:
    """A theorem with the steps for which it reaches the goal, in `iterations` steps; None if it never does."""

    theorem: Theorem
    plan: Plan
    iterations: int | None
    scale: float


def numbers(quick: bool) -> Numbers:
    """The table of promises, and what is measured of the same steps."""
    rows = [row for name, sampling in (QUICK_PROBLEMS if quick else PROBLEMS) for row in compared(name, sampling)]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    # A first time moves with the trials and jumps by whole steps.
    tolerance = {"promised": Tolerance(relative=1e-6, absolute=1), "scale": FORMULA,
                 "measured": Tolerance(relative=0.3, absolute=2)}  # fmt: skip
    caption = (
        "Iterations until what the theorem bounds (f(x_t) − f*, ‖x_t − x*‖², or a smallest or average ‖∇f(x_t)‖²) "
        f"is {GOAL:g} of what it is at x_0, λ = {LAM:g}, problems as in the catalogue. Steps: the theorem's own, ρ "
        f"and γ divided by {SHRINK:g} until it promises to get there. A dot: the iterations promised over those that "
        f"the mean over {TRIALS} trials (seed {SEED}) needs with the same steps; 1 is an exact promise, 10 ten times "
        f"too many. A triangle: not yet there after {LONGEST:,} steps, so that the ratio is at most this. "
        f"Left out: theorems without a promise even at {SHRINK:g}^−{TRIES} of their steps."
    )
    how = {"lam": LAM, "goal": GOAL, "problems": [list(each) for each in PROBLEMS], "seed": SEED, "trials": TRIALS,
           "longest": LONGEST}  # fmt: skip
    table = Table(("problem", "theorem"), columns, tolerance, open=True)
    return Numbers("How many more iterations are promised than needed?", caption, how, {"iterations": table})


def compared(name: str, sampling: str) -> list[dict[str, Any]]:
    """A row for each theorem that applies to the problem."""
    problem, law = load_problem(name), parse_sampling(sampling)
    promises = list(promised(problem, problem.constants(law)))
    trials = 1 if problem.law(law).deterministic else TRIALS
    reached: list[int | None] = [None] * len(promises)
    steps = 100
    while steps <= LONGEST and None in reached:
        open_ = [k for k, found in enumerate(reached) if found is None]
        record = log_times(steps, RECORDS)
        schedules = [promises[k].plan.schedule for k in open_]
        curves = run_many(problem, law, schedules, steps=steps, trials=trials, seed=SEED, record=record)
        for k, each in zip(open_, curves, strict=True):
            reached[k] = first(problem, promises[k].theorem.measure, each)
        steps *= 10
    return [
        {"problem": name, "theorem": each.theorem.key, "measure": each.theorem.measure, "promised": each.iterations,
         "measured": found, "rho": each.plan.rho, "gamma": each.plan.gamma, "scale": each.scale}
        for each, found in zip(promises, reached, strict=True)
    ]  # fmt: skip


def promised(problem: Problem, constants: Constants) -> Iterator[Promise]:
    """The theorems of the catalogue that cover the problem, each with the largest steps that reach the goal."""
    for theorem in theorems().values():
        start = starts(problem)[theorem.lyapunov]
        if start is None or theorem.why_not_applicable(constants, LAM):
            continue
        epsilon = GOAL * at_start(problem, theorem.measure)
        # Where the measure is a squared gradient, theorems count the steps to a norm.
        epsilon = math.sqrt(epsilon) if "grad2" in theorem.measure else epsilon
        try:
            yield reaching(theorem, constants, epsilon, start, problem.delta0)
        except NotApplicable:
            continue


def reaching(theorem: Theorem, constants: Constants, epsilon: float, start: float, delta0: float) -> Promise:
    """The theorem with its own steps, or with smaller ones if those do not reach epsilon."""
    own = plan = theorem.plan(constants, LAM, epsilon=epsilon, delta0=delta0)
    rho: Rule | None
    for k in range(TRIES + 1):
        scale = SHRINK**-k
        if k > 0:
            rho, gamma = scale * own.rho, scale * own.gamma
            try:
                plan = theorem.plan(constants, LAM, rho, gamma, epsilon, delta0)
            except InputError:
                break
        steps = plan.iterations(epsilon, start)
        if steps is not None:
            return Promise(theorem, plan, steps, scale)
    return Promise(theorem, own, None, 1.0)


def at_start(problem: Problem, measure: str) -> float:
    """The measure at x0."""
    if "grad2" in measure:
        return float(np.sum(problem.objective.gradient(problem.x0[None]) ** 2))
    return float(starts(problem)["distance2" if measure == "distance2" else "gap"] or 0.0)


def first(problem: Problem, measure: str, curves: Curves) -> int | None:
    """The first recorded t at which the mean over trials of the measure has reached the goal."""
    if measure == "distance2":
        values = distance_to_set(problem, curves.points.reshape(-1, problem.d)).reshape(curves.gap.shape)
    else:
        values = curves.grad2 if "grad2" in measure else curves.gap
    mean = values.mean(axis=0)
    if measure.startswith("avg"):
        mean = averaged(curves.t, mean)
    there = np.flatnonzero(mean <= GOAL * at_start(problem, measure))
    return int(curves.t[there[0]]) if len(there) else None


def averaged(t: npt.NDArray[np.intp], mean: Array) -> Array:
    """The average over s < t of what is known at the times t, which begin at 0, and taken as linear between them."""
    area = np.concatenate([[0.0], np.cumsum(np.diff(t) * (mean[1:] + mean[:-1]) / 2)])
    return np.where(t > 0, area / np.maximum(t, 1), mean)


def draw(found: Numbers) -> Any:
    """A panel for each problem: the theorems by promised over measured, the smallest on top."""
    rows = list(found.tables["iterations"].rows().values())
    names: Sequence[str] = list(dict.fromkeys(row["problem"] for row in rows))
    figure, panels = style.new(math.ceil(len(names) / 2), 2 if len(names) > 1 else 1, 5.6, sharex=True)
    for axes, name in zip(panels.flat, names, strict=False):
        each = sorted(filter(None, (ratio(row) for row in rows if row["problem"] == name)))
        for level, (value, _, exact) in enumerate(each):
            axes.plot([1, value], [level, level], color=style.SKY, linewidth=1, zorder=1)
            axes.plot(value, level, "o" if exact else "<", color=style.BLUE, markersize=4)
        axes.set_yticks(range(len(each)), [key for _, key, _ in each], fontsize=7)
        axes.set(xscale="log", ylim=(len(each) - 0.5, -0.5), title=name)
        axes.axvline(1, color=style.GREY, linewidth=0.8)
        axes.grid(visible=False, axis="y")
    farthest = max(each[0] for each in map(ratio, rows) if each is not None)
    for axes in panels[-1]:
        axes.set(xlabel="promised / measured", xlim=(0.7, 2 * farthest))
    handles = {
        "promised / measured": panels[0, 0].plot([], [], "o", color=style.BLUE, markersize=4)[0],
        f"at most: not there in {LONGEST:,} steps": panels[0, 0].plot([], [], "<", color=style.BLUE, markersize=4)[0],
    }
    figure.legend(handles.values(), handles, loc="outside lower center", ncols=2)
    return figure


def ratio(row: Mapping[str, Any]) -> tuple[float, str, bool] | None:
    """(promised / measured, theorem, whether it is exact and no upper limit); None without a promise."""
    if row["promised"] is None:
        return None
    measured = row["measured"]
    return max(row["promised"], 1) / max(measured or LONGEST, 1), row["theorem"], measured is not None
