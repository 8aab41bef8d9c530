"""Many cards of constants: of which problems and samplings, made on which machines, put into one document."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

from samtheory.catalogue import problem_of, problems_of, sampling_of
from samtheory.errors import InputError, whole
from samtheory.execution.spread import WORKER_DIED, Executors, spread
from samtheory.execution.time_limit import begun, end_of, interrupting
from samtheory.io.data_file import DataFile, named_files
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling, parse_sampling
from samtheory.status import Status

from .card import Card, Report, Search, command, fitting, known_level
from .search import Finding


@dataclass(frozen=True)
class Task:
    """A card to be made, as plain data.

    Attributes
    ----------
    problem, sampling : name or path; text that `sampling.parse_sampling` reads
    params : the problem's parameters as (key, value), sorted
    data, level, seed : as in `check`
    end : when the search of all problems ends, by `time.time`, or None
    left : how many problems there are from this one on
    """

    problem: str
    sampling: str
    params: tuple[tuple[str, str], ...]
    data: DataFile | None
    level: str
    seed: int
    end: float | None
    left: int

    @property
    def paths(self) -> list[str]:
        """The files that the task names."""
        return named_files([self.problem], self.sampling, self.data)


def select(
    names: Sequence[str] = (),
    samplings: Sequence[str] = (),
    *,
    params: Mapping[str, str] | None = None,
    data: DataFile | None = None,
    level: str = "quick",
    seed: int = 0,
    budget: float | None = None,
) -> tuple[list[Task], list[tuple[str, str]]]:
    """The cards of problems by name or path, the whole catalogue by default, and what was skipped with the reason.

    Parameters
    ----------
    samplings : the examples of every kind by default
    params, data, level, seed : as in `check`
    budget : seconds from now for the search, None for as many as it takes. What is left when a worker begins with a
        problem is shared evenly by that problem and those behind it: no search goes on after the budget, however many
        workers there are.

    Raises
    ------
    InputError
        If a name, a parameter or a number is bad, or nothing is left to check.
    OutOfBudget
        If the budget ended while a problem was read.
    """
    level, seed, end = known_level(level), whole("seed", seed), end_of(budget)
    asked, given = [parse_sampling(text) for text in samplings], tuple(sorted((params or {}).items()))
    skipped: list[tuple[str, str]] = []

    def read() -> list[tuple[str, list[Sampling]]]:
        found = problems_of(names, given, data, lambda name, missing: skipped.append((name, str(missing))))
        return [(name, fitting(problem, asked)) for name, problem in found]

    found = begun(end, read)
    last = None if budget is None else time.time() + end - time.monotonic()
    tasks = [
        Task(name, sampling.spec, given, data, level, seed, last, len(found) - number)
        for number, (name, chosen) in enumerate(found)
        for sampling in chosen
    ]
    if not tasks:
        raise InputError("nothing to check: " + "; ".join(reason for _, reason in skipped))
    return tasks, skipped


def check_all(
    tasks: Sequence[Task],
    executor: Executors | Executor | None = None,
    on_done: Callable[[Card], object] = lambda card: None,
) -> Report:
    """The cards, in the order of the tasks, the same whatever works on them.

    Parameters
    ----------
    executor : what works on them, as in `parallel.spread`; a card whose workers died is undecided, never dropped
    on_done : called with each card as it comes
    """
    cards = spread(judge, [[task] for task in tasks], executor, _lost, on_done, attrgetter("paths"))
    return Report(cards, tasks[0].seed if tasks else 0)


def judge(task: Task) -> Card:
    """The card of a task."""
    problem = problem_of(task.problem, task.params, task.data)
    with nullcontext() if task.end is None else interrupting():
        return _begun(problem, replace(task, sampling="")).card(sampling_of(task.sampling))


@lru_cache(maxsize=1)
def _begun(problem: Problem, task: Task) -> Search:
    """The search of a problem, begun with the first of its cards that this process makes; then its time begins."""
    share = math.inf if task.end is None else max((task.end - time.time()) / task.left, 1e-3)
    return Search(problem, task.level, task.seed, task.data, time.monotonic() + share)


def _lost(task: Task) -> Card:
    """What is said of a card whose workers died."""
    problem, sampling = problem_of(task.problem, task.params, task.data), sampling_of(task.sampling)
    again = command(problem, sampling, task.level, task.seed, task.data)
    return Card(
        problem.name, sampling.spec, (Finding("worker", None, Status.UNDECIDED, None, WORKER_DIED, 0),), again, ()
    )
