"""The theorems that apply, side by side: guaranteed iterations at the best step size, and measured iterations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._version import __version__
from samtheory.catalogue import load_method
from samtheory.catalogue import theorems as all_theorems
from samtheory.constants import Constants, ExpectedResidual
from samtheory.engine.laws import law_of
from samtheory.engine.run import Method, log_times
from samtheory.engine.run import run as run_trials
from samtheory.errors import InputError, NotApplicable, nonnegative, whole
from samtheory.io.json import finite_or_none
from samtheory.io.result import Result
from samtheory.problem.contradictions import consistent
from samtheory.problem.distance import starts
from samtheory.problem.expected_residual import sharp_residuals
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling
from samtheory.schedules import is_constant, parameter, rule_text
from samtheory.theorems.base import Theorem
from samtheory.theorems.numbers import number
from samtheory.theorems.unified_sam_3_3 import rho_epsilon, rho_simple
from samtheory.theorems.unified_sam_3_7 import theorem as non_convex

from .classes import OWN, Reading
from .rates import grouped
from .tuning import TunedTheorem, tuned

SCHEMA = "samtheory.compare/1"
KEYS = {
    SCHEMA: {
        "delta0": "f(x_0) − f_inf",
        "goal": "what is to be at most ε",
        "rows": "one entry for each theorem that applies, the fewest iterations first",
        "rows.measured": "iterations that the mean over the trials needs, null where it does not get there",
        "rows.method": "method of the theorem, or the one that was asked for",
        "rows.ratio": "iterations guaranteed over measured",
        "rows.steps": "steps that were run at most",
        "rows.which": "of which iterate the theorem speaks: last, mean or smallest",
        "rows.worst_case_ratio": "how many times more a theorem could promise, with --worst-case, else null",
    }
}

#: Runs of the method and their largest length, where nothing else is asked; times at which a curve is evaluated.
TRIALS, STEPS, TIMES = 8, 10_000, 2000

#: Which gap epsilon bounds, by measure: distances through f - f* <= (L/2) ||x - x*||^2, gradients through PL.
GOALS = {"gap": "last", "distance2": "last", "avg_gap": "mean", "min_grad2": "smallest", "avg_grad2": "mean"}


@dataclass(frozen=True)
class ComparisonRow:
    """A theorem at its best step size beside a run of the method at these steps.

    Attributes
    ----------
    measured : the first step at which the mean over trials reaches epsilon, None if not within `steps`
    steps : that were run
    method : that was run, "" for the theorem's own
    worst_case_ratio : how many times more the theorem could promise of one step, see `worst_cases`; None where nobody
        asked, or it is not known
    """

    choice: TunedTheorem
    measured: int | None
    steps: int
    method: str = ""
    worst_case_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """Guaranteed over measured, None where one of them is not known."""
        guaranteed = self.choice.iterations
        return guaranteed / max(self.measured, 1) if guaranteed is not None and self.measured is not None else None

    def to_json(self) -> dict[str, Any]:
        """Plain data; None for a number that the theorem does not have."""
        theorem, plan = self.choice.theorem, self.choice.plan
        return {
            "theorem": theorem.key,
            "source": theorem.source,
            "status": theorem.status,
            "assumptions": list(theorem.assumptions),
            "measure": theorem.measure,
            "method": self.method or theorem.method,
            "which": GOALS[theorem.measure],
            "rho": plan.rho,
            "gamma": plan.gamma,
            "contraction": plan.contraction,
            "neighbourhood": None if plan.neighbourhood is None else finite_or_none(plan.neighbourhood),
            "iterations": self.choice.iterations,
            "measured": self.measured,
            "steps": self.steps,
            "ratio": self.ratio,
            "worst_case_ratio": self.worst_case_ratio,
        }


@dataclass(frozen=True, repr=False)
class ComparisonTable(Result):
    """The theorems that apply, by guaranteed iterations; those without any last.

    Attributes
    ----------
    goal : "f - f*", or "||grad f||" without PL
    request : what was asked
    epsilon, rho : the goal and the radius in force
    skipped : (theorem, reason) of the others
    """

    problem: str
    params: dict[str, Any]
    sampling: str
    goal: str
    request: Request
    epsilon: float
    rho: float
    delta0: float
    rows: list[ComparisonRow]
    skipped: list[tuple[str, str]]
    data: dict[str, Any] | None = None

    columns = ("theorem", "rho", "gamma", "neighbourhood", "iterations", "measured", "ratio")

    def headline(self) -> str:
        """The setting, the target, and the theorem with the fewest guaranteed iterations."""
        setting = f"{self.problem}, {self.sampling}, λ={rule_text(self.request.lam)}"
        goal = f"{self.goal} <= {self.epsilon:.4g}"
        best = self.rows[0].choice
        first = "never guaranteed"
        if best.iterations is not None:
            first = f"{best.iterations:,} iterations guaranteed, {best.theorem.key}"
        return f"{setting}, {goal}: {first}; {len(self.rows)} theorems apply, {len(self.skipped)} do not"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each theorem that applies."""
        for row in self.rows:
            document = row.to_json()
            yield {**document, "assumptions": ", ".join(document["assumptions"])}

    def plot(self, ax: Any = None) -> Any:
        """Plot the guaranteed (open) and the measured iterations (filled) of each theorem; a triangle lies beyond.

        Parameters
        ----------
        ax : matplotlib axes; new ones by default

        Returns
        -------
        The axes.
        """
        from samtheory.io import drawing

        axes = drawing.axes_or_new(ax)
        rows = [(row.choice.theorem.key, row.choice.iterations, row.measured) for row in self.rows]
        known = [value for _, *values in rows for value in values if value is not None]
        drawing.ratios(axes, rows, 3 * max(known, default=self.request.steps))
        axes.set(xlabel=f"iterations until {self.goal} ≤ {self.epsilon:.3g}")
        axes.set_title(f"{self.problem}, {self.sampling}, λ={rule_text(self.request.lam)}")
        drawing.legend_below(axes)
        return axes

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.compare/1`."""
        asked = self.request
        return {
            "schema": SCHEMA,
            "version": __version__,
            "problem": self.problem,
            "params": self.params,
            "data": self.data,
            "sampling": self.sampling,
            "lam": rule_text(asked.lam),
            "goal": self.goal,
            "epsilon": self.epsilon,
            "rho": self.rho,
            "delta0": self.delta0,
            "trials": asked.trials,
            "seed": asked.seed,
            "rows": [row.to_json() for row in self.rows],
            "skipped": [{"theorem": theorem, "reason": reason} for theorem, reason in self.skipped],
        }


def compare(
    problem: Problem,
    sampling: Sampling,
    theorems: Sequence[Theorem],
    request: Request,
    *,
    sharp: bool = False,
    method: Method | None = None,
    reading: Reading = OWN,
) -> ComparisonTable:
    """Every theorem that applies, at the same rho and each at its best gamma, and the method at those steps.

    Parameters
    ----------
    theorems : all where empty; theorems on SGD appear with rho = 0
    request : lam; rho, by default that of Corollary 3.3 for epsilon (without PL: of Theorem 3.7); epsilon, the goal for
        E f - f*, by default a hundredth of f(x0) - f* (without PL: the goal for the gradient norm, by default a tenth
        of the largest possible norm at x0); trials, steps and seed of the runs (no runs where steps = 0)
    sharp : whether expected residuals sharper than the problem's own are tried too (`sharp_residuals`)
    method, reading : what is run, each theorem's method by default, and how the theorems cover it

    Raises
    ------
    NotApplicable
        If no theorem applies.
    InputError
        If a number is bad.
    """
    if reading.bias is not None:
        raise NotApplicable(f"method={reading.name}: compare tunes rho, and the method's bias depends on it: use rates")
    delta0, constants = consistent(problem).delta0, reading.constants(problem, sampling)
    pl = "PL" in constants.properties
    epsilon = request.epsilon
    if epsilon is None:
        epsilon = delta0 / 100 if pl else math.sqrt(2 * float(constants.L) * delta0) / 10
    goal = request.but(epsilon=epsilon)
    rho = usual_rho(constants, goal, delta0) if request.rho is None else nonnegative("rho", request.rho)
    goal = goal.but(rho=rho)
    alternatives = [constants, *(sharper(problem, sampling) if sharp else [])]
    begin = starts(problem)
    rows: list[ComparisonRow] = []
    skipped: list[tuple[str, str]] = []
    for theorem in theorems or all_theorems().values():
        try:
            read = reading.request(theorem, goal)
            found = [tuned(theorem, each, read, begin) for each in alternatives]
        except (NotApplicable, InputError) as reason:
            skipped.append((theorem.key, str(reason).removeprefix(f"{theorem.key}: ")))
        else:
            choice = min(found, key=lambda each: each.order)
            run = measured(problem, sampling, choice, goal, pl, method, reading)
            rows.append(ComparisonRow(choice, *run, reading.name))
    if not rows:
        raise NotApplicable(f"no theorem applies: {grouped(skipped)}")
    rows.sort(key=lambda row: row.choice.order)
    words = "f - f*" if pl else "||grad f||"
    return ComparisonTable(
        problem.name,
        dict(problem.params),
        sampling.spec,
        words,
        request,
        epsilon,
        rho,
        delta0,
        rows,
        skipped,
        problem.data_shown,
    )


def usual_rho(constants: Constants, request: Request, delta0: float) -> float:
    """The rho of Corollary 3.3 for epsilon; without PL, that of Theorem 3.7."""
    lam, constant = request.lam, is_constant(request.lam)
    values = constants.values(lam=parameter("lam", lam) if constant else 0.0, epsilon=request.epsilon or 0.0)
    if "A" not in values:
        return 1 / (8 * values["Lambda"])
    if "mu" not in values:
        ends = (lam,) if constant else (0.0, 1.0)
        return min(non_convex.plan(constants, end, epsilon=request.epsilon, delta0=delta0).rho for end in ends)
    # Where lam changes with t, its largest value counts in the neighbourhood.
    worst = values if constant else {**values, "lam": 1.0}
    return min(number(rho_simple, values), number(rho_epsilon, worst))


def sharper(problem: Problem, sampling: Sampling) -> list[Constants]:
    """The constants with every other valid expected residual."""

    def with_residual(residual: ExpectedResidual) -> Constants:
        return problem.claiming(lambda law: residual.named).constants(sampling)

    return [with_residual(residual) for residual in sharp_residuals(problem, problem.law(sampling))[1:]]


def measured(
    problem: Problem,
    sampling: Sampling,
    choice: TunedTheorem,
    request: Request,
    pl: bool,
    method: Method | None = None,
    reading: Reading = OWN,
) -> tuple[int | None, int]:
    """(first time that the mean over trials is at most epsilon, None if not within the steps; steps that were run)."""
    steps = request.steps if choice.iterations is not None else 0
    method = method or load_method(choice.theorem.method, problem)
    trials = 1 if law_of(problem, sampling, method).deterministic else whole("trials", request.trials, 1)
    mean, epsilon = GOALS[choice.theorem.measure] == "mean", request.epsilon or 0.0
    length, schedule = min(steps, 200), reading.schedule(choice.plan.schedule)
    while length > 0:
        record = np.arange(length + 1) if mean else log_times(length, TIMES)
        curves = run_trials(
            problem, sampling, schedule, steps=length, trials=trials, seed=request.seed, record=record, method=method,
            keep=("gap",) if pl else ("grad2",),
        )  # fmt: skip
        value = (curves.gap if pl else curves.grad2).mean(axis=0)
        if mean:
            value = np.cumsum(value) / (curves.t + 1)
        reached = np.flatnonzero(value <= (epsilon if pl else epsilon**2))
        if len(reached):
            return int(curves.t[reached[0]]), length
        if length == steps:
            break
        length = min(steps, 4 * length)
    return None, length
