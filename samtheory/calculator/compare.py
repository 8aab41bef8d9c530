"""All theorems that apply, side by side: what each promises at its best step size, and what the method really needs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samtheory._version import __version__
from samtheory.catalogue import load_method, load_theorem
from samtheory.catalogue import theorems as all_theorems
from samtheory.constants import Constants, ExpectedResidual
from samtheory.engine.run import log_times, run
from samtheory.errors import InputError, NotApplicable, nonnegative, positive, reject, whole
from samtheory.io.json import finite_or_none
from samtheory.io.result import Result
from samtheory.problem.distance import start_distance
from samtheory.problem.expected_residual import sharp_residuals
from samtheory.problem.problem import Problem
from samtheory.sampling.samplings import Full, Sampling, Uniform
from samtheory.schedules import LAM, Rule, is_constant, rule, rule_text
from samtheory.theorems.base import Plan, Theorem
from samtheory.theorems.numbers import number
from samtheory.theorems.unified_sam_3_3 import rho_epsilon, rho_simple
from samtheory.theorems.unified_sam_3_7 import theorem as non_convex

SCHEMA = "samtheory.compare/1"

#: Step sizes tried: so many over so many decades below the largest, while the iterations are within a factor of the
#: fewest; then rounds of halving the distance to the best.
DECADES, POINTS, WORSE, ROUNDS = 5, 16, 4, 5
#: The method is run for at most this many steps, and its curve looked at in this many places.
STEPS, PLACES = 10_000, 2000

#: Which gap epsilon bounds, by measure: distances through f - f* <= (L/2) ||x - x*||^2, gradients through PL.
GOALS = {"gap": "last", "distance2": "last", "avg_gap": "mean", "min_grad2": "smallest", "avg_grad2": "mean"}


@dataclass(frozen=True)
class Choice:
    """A theorem at its best step size.

    Attributes
    ----------
    plan : steps and guarantee
    iterations : after which the goal is guaranteed to be at most epsilon, None if never
    """

    theorem: Theorem
    plan: Plan
    iterations: int | None


@dataclass(frozen=True)
class Row:
    """One line of the comparison.

    Attributes
    ----------
    measured : the first step at which the mean over trials reaches epsilon, None if not within `steps`
    steps : that were run
    """

    choice: Choice
    measured: int | None
    steps: int

    @property
    def ratio(self) -> float | None:
        """Guaranteed over measured, None where one of them is not known."""
        guaranteed = self.choice.iterations
        return guaranteed / max(self.measured, 1) if guaranteed is not None and self.measured is not None else None

    def to_json(self) -> dict[str, Any]:
        """Plain data; None where there is no such number."""
        theorem, plan = self.choice.theorem, self.choice.plan
        return {
            "theorem": theorem.key,
            "source": theorem.source,
            "status": theorem.status,
            "assumptions": list(theorem.assumptions),
            "measure": theorem.measure,
            "method": theorem.method,
            "which": GOALS[theorem.measure],
            "rho": plan.rho,
            "gamma": plan.gamma,
            "contraction": plan.contraction,
            "neighbourhood": None if plan.neighbourhood is None else finite_or_none(plan.neighbourhood),
            "iterations": self.choice.iterations,
            "measured": self.measured,
            "steps": self.steps,
            "ratio": self.ratio,
        }


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """Theorems side by side, sorted by guaranteed iterations; those without a guarantee last."""

    problem: str
    params: dict[str, Any]
    sampling: str
    lam: Rule
    goal: str
    epsilon: float
    rho: float
    delta0: float
    trials: int
    seed: int
    rows: list[Row]
    skipped: list[tuple[str, str]]

    def headline(self) -> str:
        """The setting, the target, and the theorem with the fewest guaranteed iterations."""
        setting = f"{self.problem}, {self.sampling}, λ={rule_text(self.lam)}, {self.goal} <= {self.epsilon:.4g}"
        best = self.rows[0].choice if self.rows else None
        first = "never guaranteed"
        if best is not None and best.iterations is not None:
            first = f"{best.iterations:,} iterations guaranteed, {best.theorem.key}"
        return f"{setting}: {first}; {len(self.rows)} theorems apply, {len(self.skipped)} do not"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each theorem that applies."""
        for row in self.rows:
            document = row.to_json()
            yield {**document, "assumptions": ", ".join(document["assumptions"])}

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.compare/1`."""
        return {
            "schema": SCHEMA,
            "version": __version__,
            "problem": self.problem,
            "params": self.params,
            "sampling": self.sampling,
            "lam": rule_text(self.lam),
            "goal": self.goal,
            "epsilon": self.epsilon,
            "rho": self.rho,
            "delta0": self.delta0,
            "trials": self.trials,
            "seed": self.seed,
            "rows": [row.to_json() for row in self.rows],
            "skipped": [{"theorem": theorem, "reason": reason} for theorem, reason in self.skipped],
        }


def compare(
    problem: Problem,
    sampling: Sampling | None = None,
    lam: Rule = LAM,
    epsilon: float | None = None,
    *,
    rho: float | None = None,
    theorems: Sequence[str] = (),
    sharp: bool = False,
    trials: int = 8,
    steps: int = STEPS,
    seed: int = 0,
) -> Comparison:
    """Every theorem that applies, at the same rho and each at its best gamma, and the method at those steps.

    Parameters
    ----------
    sampling : uniform, or the full batch of a single f_i, where None is given
    lam : a number in [0, 1], "1/t" or "1-1/t"; theorems on SGD appear with their rho = 0
    epsilon : the goal for E f - f*, by default a hundredth of f(x0) - f*; without PL the goal for the gradient norm,
        by default a tenth of the largest that it can be at x0
    rho : the ascent radius; by default that of Corollary 3.3 for epsilon (without PL: of Theorem 3.7)
    theorems : keys or paths; all where empty
    sharp : whether expected residuals sharper than the problem's own are tried too (`residuals`)
    trials, steps, seed : of the runs; with steps = 0 nothing is run

    Raises
    ------
    NotApplicable
        If no theorem applies.
    InputError
        If a number is bad.
    """
    sampling = sampling or (Uniform() if problem.n > 1 else Full())
    lam, delta0 = rule("lam", lam), problem.delta0
    constants = problem.constants(sampling)
    pl = "PL" in constants.properties
    if epsilon is None:
        epsilon = delta0 / 100 if pl else math.sqrt(2 * float(constants.L) * delta0) / 10
    positive("epsilon", epsilon)
    trials, steps, seed = whole("trials", trials, 1), whole("steps", steps), whole("seed", seed)
    rho = usual_rho(constants, lam, epsilon, delta0) if rho is None else nonnegative("rho", rho)
    alternatives = [constants, *(sharper(problem, sampling) if sharp else [])]
    away = distance_from(problem)
    rows: list[Row] = []
    skipped: list[tuple[str, str]] = []
    for key in theorems or all_theorems():
        theorem = load_theorem(key)
        try:
            found = [tuned(theorem, each, lam, epsilon, delta0, rho, away) for each in alternatives]
            choice = min(found, key=order)
            most = steps if choice.iterations is not None else 0
            rows.append(Row(choice, *measured(problem, sampling, choice, pl, epsilon, trials, most, seed)))
        except (NotApplicable, InputError) as reason:
            skipped.append((theorem.key, str(reason).removeprefix(f"{theorem.key}: ")))
    if not rows:
        raise NotApplicable("no theorem applies: " + "; ".join(f"{key}: {reason}" for key, reason in skipped))
    rows.sort(key=lambda row: order(row.choice))
    return Comparison(
        problem.name, dict(problem.params), sampling.spec, lam, "f - f*" if pl else "||grad f||", epsilon, rho, delta0,
        trials, seed, rows, skipped,
    )  # fmt: skip


def best(
    constants: Constants,
    lam: Rule,
    epsilon: float,
    delta0: float,
    rho_min: float = 0.0,
    theorems: Iterable[Theorem] | None = None,
) -> tuple[Theorem, float, float, int] | None:
    """The theorem with the fewest guaranteed iterations to E f(x_T) - f* <= epsilon, and its rho, gamma and iterations.

    Without PL it is the smallest or mean gradient norm that gets to epsilon.  Every guarantee only gets worse with rho,
    so that rho = rho_min is the best that is at least rho_min.  A theorem as remembered is no guarantee, and one on
    another method than Unified SAM needs more than rho and gamma: both are left out.

    Parameters
    ----------
    constants : what is known of the problem under the sampling
    lam : a number in [0, 1], or a named rule
    epsilon, delta0 : the target and f(x0) - f_inf
    rho_min : the smallest ascent radius that is wanted, at every step
    theorems : to choose from; the whole catalogue by default

    Returns
    -------
    (theorem, rho, gamma, iterations), None if no theorem gets to epsilon.
    """
    positive("epsilon", epsilon), nonnegative("delta0", delta0), nonnegative("rho_min", rho_min)
    away = 2 * delta0 / float(constants.mu) if constants.mu is not None else None
    measures = ("gap", "distance2") if constants.mu is not None else ("min_grad2", "avg_grad2")
    found: list[Choice] = []
    for theorem in all_theorems().values() if theorems is None else theorems:
        if theorem.status == "as remembered" or theorem.method != Theorem.method or theorem.measure not in measures:
            continue
        try:
            choice = tuned(theorem, constants, lam, epsilon, delta0, rho_min, away)
        except (NotApplicable, InputError):
            continue
        kept = rho_min == 0 or (choice.plan.rho >= rho_min * (1 - 1e-12) and is_constant(choice.plan.schedule.rho))
        if choice.iterations is not None and kept:
            found.append(choice)
    if not found:
        return None
    choice = min(found, key=order)
    return choice.theorem, choice.plan.rho, choice.plan.gamma, int(choice.iterations or 0)


def tuned(
    theorem: Theorem,
    constants: Constants,
    lam: Rule,
    epsilon: float,
    delta0: float,
    rho: float,
    away: float | None = None,
) -> Choice:
    """The theorem at rho (a theorem on SGD at 0) and the gamma that needs the fewest iterations to epsilon.

    Its own steps are tried too, unless their rho is smaller, and are all there is where the statement fixes them.

    Parameters
    ----------
    away : ||x0 - x*||^2, for theorems about the distance

    Raises
    ------
    NotApplicable, InputError
        If the theorem does not apply, or not at this rho.
    """
    if reason := theorem.why_not_applicable(constants, lam if theorem.only is None else theorem.only):
        raise NotApplicable(reason)
    largest_rho, largest_gamma = theorem.admissible(constants, lam if is_constant(lam) else 0.0)
    if largest_rho == 0:
        lam, rho = 0.0, 0.0
    start, goal = target(theorem, constants, epsilon, delta0, away)
    found: dict[float | None, Choice] = {}

    def at(gamma: float | None) -> Choice:
        if gamma not in found:
            radius = None if gamma is None else rho
            plan = theorem.plan(constants, lam, radius, gamma, goal, delta0)
            found[gamma] = Choice(theorem, plan, plan.iterations(goal, start))
        return found[gamma]

    try:
        limit = largest_gamma(rho)
        if limit <= 0:
            raise reject("rho", f"{rho:.6g}", f"below rho_max={largest_rho:.6g} ({theorem.key})")
        top = math.log10(min(limit, 2 / float(constants.L)))
        centre, width = top, DECADES / POINTS
        for power in np.linspace(top, top - DECADES, POINTS + 1):
            fewest, now = order(at(float(10**centre))), order(at(float(10**power)))
            centre = power if now < fewest else centre
            # Once the steps are short enough to get to epsilon, shorter ones only need more of them.
            if now[0] > WORSE * fewest[0]:
                break
        for _ in range(ROUNDS if is_constant(lam) else ROUNDS // 2):
            width /= 2
            tried = [power for power in (centre - width, centre, centre + width) if power <= top]
            centre = min(tried, key=lambda power: order(at(float(10**power))))
    except NotApplicable:
        found.clear()  # the statement fixes its steps
    own = at(None)
    chosen = min(found.values(), key=order)
    return chosen if own.plan.rho >= rho or len(found) == 1 else min(
        (choice for gamma, choice in found.items() if gamma is not None), key=order
    )  # fmt: skip


def target(
    theorem: Theorem, constants: Constants, epsilon: float, delta0: float, away: float | None
) -> tuple[float, float]:
    """(start, goal) of the theorem's own measure, such that it implies f - f* <= epsilon where that can be.

    ||grad f||^2 <= 2 mu epsilon does under PL, and ||x - x*||^2 <= 2 epsilon/L always.  Without PL epsilon is that of
    ||grad f||, and f - f* <= epsilon^2/(2L) does.
    """
    if theorem.lyapunov == "gap":
        gradient = theorem.measure.endswith("grad2") and constants.mu is not None
        return delta0, math.sqrt(2 * float(constants.mu or 0.0) * epsilon) if gradient else epsilon
    if away is None:
        raise NotApplicable("the distance of x0 from the minimisers is not known")
    gap = epsilon if constants.mu is not None else epsilon**2 / (2 * float(constants.L))
    return away, 2 * gap / float(constants.L) if theorem.measure == "distance2" else gap


def distance_from(problem: Problem) -> float | None:
    """||x0 - x*||^2 for the nearest minimiser x*, else for the one that is known; None where none is."""
    away = start_distance(problem)
    if away is None and problem.x_star is not None:
        return float(np.sum((problem.x0 - problem.x_star) ** 2))
    return away


def order(choice: Choice) -> tuple[float, float]:
    """Fewest iterations first; among those without, the smallest neighbourhood."""
    limit = choice.plan.neighbourhood
    iterations = math.inf if choice.iterations is None else choice.iterations
    return iterations, math.inf if limit is None or iterations < math.inf else limit


def usual_rho(constants: Constants, lam: Rule, epsilon: float, delta0: float) -> float:
    """The rho of Corollary 3.3 for epsilon; without PL, that of Theorem 3.7."""
    values = constants.values(lam=float(lam) if is_constant(lam) else 0.0, epsilon=epsilon)  # type: ignore[arg-type]
    if "A" not in values:
        return 1 / (8 * values["Lambda"])
    if "mu" not in values:
        ends = (lam,) if is_constant(lam) else (0.0, 1.0)
        return min(non_convex.plan(constants, end, epsilon=epsilon, delta0=delta0).rho for end in ends)
    # Where lam changes with t, its largest value counts in the neighbourhood.
    worst = values if is_constant(lam) else {**values, "lam": 1.0}
    return min(number(rho_simple, values), number(rho_epsilon, worst))


def sharper(problem: Problem, sampling: Sampling) -> list[Constants]:
    """The constants with every other valid expected residual."""

    def with_residual(residual: ExpectedResidual) -> Constants:
        return replace(problem, residual=lambda law: residual).constants(sampling)

    return [with_residual(residual) for residual in sharp_residuals(problem, problem.law(sampling))[1:]]


def measured(
    problem: Problem, sampling: Sampling, choice: Choice, pl: bool, epsilon: float, trials: int, steps: int, seed: int
) -> tuple[int | None, int]:
    """(first time that the mean over trials is at most epsilon, None if not within the steps; steps that were run)."""
    mean = GOALS[choice.theorem.measure] == "mean"
    length, method = min(steps, 200), load_method(choice.theorem.method, problem)
    if problem.law(sampling).deterministic:
        trials = 1
    while length > 0:
        record = np.arange(length + 1) if mean else log_times(length, PLACES)
        curves = run(
            problem, sampling, choice.plan.schedule, steps=length, trials=trials, seed=seed, record=record,
            method=method,
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
