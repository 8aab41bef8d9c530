"""Runs of the program under test, as many as a decision needs, and the states that they visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samtheory.engine.laws import law_of
from samtheory.engine.run import Curves, Method, log_times, run_many
from samtheory.methods.unified_sam import step
from samtheory.problem.problem import Problem
from samtheory.request import Request
from samtheory.sampling.base import Sampling
from samtheory.sampling.law import Law
from samtheory.schedules import Schedule
from samtheory.status import Status
from samtheory.theorems.plan import Plan

from . import monte_carlo
from .evidence import Evidence, skipped
from .second_moments import moments
from .states import TRAJECTORIES, States, gather

#: `trials="auto"` begins with the first and doubles up to the second while a mean is above its bound undecidedly.
FIRST_TRIALS, MOST_TRIALS = 64, 16_384
#: trials x steps x n x d is at most this for the first of them, but 8 there always are.
TRIAL_WORK = 10**8
#: Runs that record fewer numbers than this are kept for the next theorem that takes the same steps.
KEPT = 10**6
#: Rows that are moved together at most, which are enough to hide what a step costs beside its arithmetic.
ROWS = 384
#: The numbers in all recorded points, the multiplications that f takes at all of them, and the fewest times recorded.
RECORDED, MEASURED, FEWEST = 30_000_000, 1_000_000_000, 6


class Asked(NamedTuple):
    """What is run along a schedule and recorded."""

    problem: Problem
    sampling: Sampling
    method: Method
    steps: int
    trials: int
    entropy: tuple[int, ...]
    times: tuple[int, ...]
    keep: tuple[str, ...]

    @property
    def numbers(self) -> int:
        """The numbers in the recorded points."""
        return self.trials * len(self.times) * self.problem.d


#: For runs of several cells, the schedules that are moved together with each.
Company = dict[tuple[Asked, Schedule], tuple[Schedule, ...]]


@dataclass(frozen=True)
class Runs:
    """Runs of the program under test on a problem, and the plan that bounds them.

    Attributes
    ----------
    schedule, method : the steps that are run; `plan.schedule` and the theorem's method for a correct program
    entropy : seed of the runs
    company : the schedules that each is moved together with, as `together` finds them
    """

    problem: Problem
    sampling: Sampling
    plan: Plan
    schedule: Schedule
    method: Method
    request: Request
    entropy: tuple[int, ...]
    company: Company = field(default_factory=dict, compare=False, repr=False)

    @property
    def law(self) -> Law:
        """The law of all that the program draws."""
        return law_of(self.problem, self.sampling, self.method)

    @property
    def random(self) -> bool:
        """Whether the runs differ."""
        return not self.law.deterministic

    def over_time(self) -> tuple[Evidence, States]:
        """The bound over time against exact expectations where they are known, else against runs; the states visited.

        With `trials="auto"` the number of runs is doubled while they leave a mean above its bound undecided.
        """
        trials = self.first_trials
        if self.times(trials) is None:
            reason = f"{trials} trials of {self.request.steps + 1} points, d={self.problem.d}: too many numbers"
            return skipped(monte_carlo.KIND, self.plan.theorem.measure, reason), self.walk(1, FEWEST)[1]
        if self.exact_expectation is not None:
            return self.exact_expectation, self.walk(min(trials, TRAJECTORIES))[1]
        while True:
            curves, states = self.walk(trials)
            found = monte_carlo.trajectory(self.problem, self.plan, curves, self.random, self.request.alpha)
            if self.request.trials != "auto" or found.verdict != Status.UNDECIDED or trials >= MOST_TRIALS:
                return found, states
            trials *= 2

    @property
    def first_asked(self) -> Asked:
        """What `over_time` runs first."""
        trials = self.first_trials
        if self.times(trials) is None:
            return self.asked(1, FEWEST)
        return self.asked(trials if self.exact_expectation is None else min(trials, TRAJECTORIES))

    @cached_property
    def exact_expectation(self) -> Evidence | None:
        """The bound against the exact expectation at every time; None where nothing is random or it is not known."""
        if not self.random or not (self.method is step or self.unified):
            return None
        times = monte_carlo.record_times(self.plan, self.request.steps)
        found = moments(self.problem, self.law, self.plan, times, self.schedule)
        return None if found.verdict == Status.SKIPPED else found

    @property
    def unified(self) -> bool:
        """Whether the method states, and `within` checks, that its steps are those of Unified SAM."""
        deviation = getattr(self.method, "deviation", None)
        return deviation is not None and (deviation.along or not deviation.scale)

    @cached_property
    def first_trials(self) -> int:
        """The number of runs to begin with: 1 where nothing is random, as asked, or fewer than usual if expensive."""
        if not self.random:
            return 1
        if isinstance(self.request.trials, int):
            return self.request.trials
        affordable = TRIAL_WORK // max(self.request.steps * self.problem.objective.work, 1)
        fewest = 8 if 8 * FEWEST * self.problem.d <= RECORDED else 4
        return max(fewest, min(FIRST_TRIALS, affordable))

    def times(self, trials: int) -> npt.NDArray[np.intp] | None:
        """The times to record: fewer than usual where points are long; None where too many are needed."""
        usual = monte_carlo.record_times(self.plan, self.request.steps)
        room = min(RECORDED // (trials * self.problem.d), MEASURED // (trials * self.problem.objective.work))
        most = max(room, FEWEST)
        if len(usual) <= most:
            return usual
        return log_times(self.request.steps, most) if monte_carlo.pointwise(self.plan) else None

    def asked(self, trials: int, records: int | None = None) -> Asked:
        """What is run to record this many times, or those that the bound needs."""
        times = self.times(trials) if records is None else log_times(self.request.steps, records)
        assert times is not None
        return Asked(
            self.problem, self.sampling, self.method, self.request.steps, trials, self.entropy, tuple(times.tolist()),
            monte_carlo.recorded(self.plan),
        )  # fmt: skip

    def walk(self, trials: int, records: int | None = None) -> tuple[Curves, States]:
        """Runs of the program and the states that they visit, kept for the next theorem that takes the same steps."""
        asked = self.asked(trials, records)
        schedules = self.company.get((asked, self.schedule), (self.schedule,))
        walks = _walks if asked.numbers < KEPT else _walks.__wrapped__
        return walks(asked, schedules)[schedules.index(self.schedule)]


def together(all_runs: Iterable[Runs]) -> Company:
    """The schedules of runs that ask for the same, as many as are worth it; they depend on all runs, in their order."""
    schedules: dict[Asked, list[Schedule]] = {}
    for runs in all_runs:
        same = schedules.setdefault(runs.first_asked, [])
        if runs.schedule not in same:
            same.append(runs.schedule)
    company: Company = {}
    for asked, same in schedules.items():
        most = max(1, min(ROWS // asked.trials, KEPT // asked.numbers))
        for begin in range(0, len(same), most):
            part = tuple(same[begin : begin + most])
            company.update({(asked, schedule): part for schedule in part})
    return company


@lru_cache(maxsize=32)
def _walks(asked: Asked, schedules: tuple[Schedule, ...]) -> list[tuple[Curves, States]]:
    problem, sampling, method, steps, trials, seed, times, keep = asked
    curves = run_many(
        problem, sampling, schedules, steps=steps, trials=trials, seed=seed, record=times, method=method, keep=keep
    )
    return [(each, gather(problem, problem.law(sampling), each, seed)) for each in curves]
