"""The verdict on a cell: hypotheses, exact one-step expectation, sample paths, moments and trajectories."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from samtheory._typing import Array
from samtheory.calculator.classes import Reading, reading_of
from samtheory.catalogue import load_method, load_theorem, problem_of, sampling_of
from samtheory.constants import Constants
from samtheory.engine.run import Method
from samtheory.errors import InputError, NotApplicable
from samtheory.io.result import Result
from samtheory.io.user_files import user_file_errors
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.schedules import Schedule
from samtheory.status import Status, worst_of
from samtheory.theorems.base import Theorem

from . import monte_carlo
from .all_paths import paths
from .biased import biased
from .cell import Cell
from .claims import hypotheses
from .evidence import Curve, Evidence
from .one_step import one_step
from .program import Program, questioned, tolerance_of
from .repeated import repeated
from .runs import Company, Runs, together
from .searched import ORACLE, searched
from .within import within


@dataclass(frozen=True, repr=False)
class Verdict(Result):
    """The verdict on a cell with its evidence.

    Attributes
    ----------
    verdict : the worst outcome of the evidence: holds, violated or undecided
    bound_ratio : the smallest bound ratio (bound / measured) of the evidence on bounds, None where nothing was measured
    location : the location of the smallest bound ratio
    evidence : all comparisons
    """

    cell: Cell
    verdict: Status
    bound_ratio: float | None
    location: str
    evidence: tuple[Evidence, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found against the theorem here."""
        return self.verdict == Status.HOLDS

    @property
    def violations(self) -> list[Evidence]:
        """The evidence against."""
        return [piece for piece in self.evidence if piece.verdict.failed]

    def headline(self) -> str:
        """The verdict, the cell, and the smallest bound / measured."""
        cell = ", ".join(f"λ={value}" if name == "lam" else str(value) for name, value in self.cell.key().items())
        least = (
            "" if self.bound_ratio is None else f"; bound / measured at least {self.bound_ratio:.4g}, {self.location}"
        )
        return f"{self.verdict}: {cell}{least}"

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each piece of evidence."""
        return (piece.to_json() for piece in self.evidence)

    @property
    def curve(self) -> Curve:
        """(t, measured, bound) of the run, None in place of a missing number; empty if there is no run."""
        return next((piece.curve for piece in reversed(self.evidence) if piece.curve), ())

    def plot(self, ax: Any = None) -> Any:
        """Plot the measured value, the bound, and where they are closest over t, both axes logarithmic.

        Parameters
        ----------
        ax : the matplotlib axes; new ones by default

        Returns
        -------
        The axes.

        Raises
        ------
        NotApplicable
            If the cell has no run.
        """
        from samtheory.io import drawing

        if not self.curve:
            raise NotApplicable(f"{self.headline()}: no run to plot")
        t, measured, bound = (np.array(column, dtype=np.float64) for column in self.curve)  # None becomes NaN
        axes = drawing.axes_or_new(ax)
        axes.set(xscale="log", yscale="log", xlabel="t")
        drawing.band(axes, t, measured, None, bound, color=drawing.BLUE, label="measured")
        axes.plot([], [], color=drawing.BLUE, linestyle=drawing.DASHED, label="bound")
        closest = int(np.nanargmin(np.where((t > 0) & (measured > 0), bound / measured, np.inf)))
        axes.plot(max(t[closest], 0.5), measured[closest], "o", color=drawing.BLUE, label="smallest bound / measured")
        axes.set_title(f"{self.cell.theorem}: {self.cell.problem}, {self.cell.sampling}")
        drawing.legend_below(axes)
        return axes

    def to_json(self) -> dict[str, Any]:
        """Plain data, as in `cells` of the document."""
        return {
            **self.cell.key(),
            "command": self.cell.command,
            "evidence": [piece.to_json() for piece in self.evidence],
            "params": dict(self.cell.params),
            "seed": self.cell.request.seed,
            "slack": self.bound_ratio,
            "verdict": self.verdict,
            "where": self.location,
        }


#: Statuses that explain a bound that fails, the first before the second.
CAUSES = (Status.ASSUMPTION_FAILS, Status.DIFFERS)


def concluded(cell: Cell, evidence: Sequence[Evidence]) -> Verdict:
    """The verdict of several pieces of evidence, with the smallest bound ratio of the bounds.

    An assumption that fails explains a bound that fails, and so does a program that is not the method; otherwise the
    verdict is the worst of all.
    """
    found = worst_of([Status.HOLDS, *(piece.verdict for piece in evidence)])
    causes = [each for each in CAUSES if any(piece.verdict == each for piece in evidence)]
    bounds = [piece for piece in evidence if piece.kind != "hypothesis" and piece.bound_ratio is not None]
    tight = min(bounds, key=lambda piece: piece.bound_ratio or 0.0, default=None)
    return Verdict(
        cell,
        causes[0] if causes else found,
        None if tight is None else tight.bound_ratio,
        "" if tight is None else f"{tight.kind}: {tight.location}",
        tuple(evidence),
    )


class Task(NamedTuple):
    """A cell with what is claimed, the method in the theorem's terms, and the runs that it asks for."""

    cell: Cell
    constants: Constants
    reading: Reading
    runs: Runs


@dataclass(frozen=True, eq=False)
class Parcel:
    """Cells of one problem under one sampling: what they run is moved together, whichever of them are judged."""

    cells: tuple[Cell, ...]


class Parcelled(NamedTuple):
    """A cell of a parcel."""

    cell: Cell
    parcel: Parcel


def judge_of_parcel(item: Parcelled) -> Verdict:
    """`judge` for a cell of a parcel."""
    with user_file_errors(*item.cell.paths):
        task = _tasks(item.parcel).get(item.cell)
        return judge(item.cell) if task is None else judged(task)


def judge(cell: Cell) -> Verdict:
    """Hypotheses, one-step expectation and trajectories of one cell, in this order.

    Raises
    ------
    InputError, NotApplicable
        If the cell cannot be judged at all.
    """
    with user_file_errors(*cell.paths):
        return judged(task_of(cell))


def task_of(cell: Cell) -> Task:
    """The task of a cell, from the names in it."""
    problem = problem_of(cell.problem, cell.params, cell.data)
    method = None if cell.method is None else load_method(cell.method, problem)
    return task(cell, problem, sampling_of(cell.sampling), load_theorem(cell.theorem), method=method)


@lru_cache(maxsize=4)
def _tasks(parcel: Parcel) -> dict[Cell, Task]:
    """The tasks of a parcel, each run together with others; without those of cells that cannot be judged."""
    found: dict[Cell, Task] = {}
    company: Company = {}
    for cell in parcel.cells:
        with suppress(InputError, NotApplicable), user_file_errors(*cell.paths):
            alone = task_of(cell)
            found[cell] = alone._replace(runs=replace(alone.runs, company=company))
    # The last digits of a product with several points depend on how many they are: what is exact stays as it is alone.
    company.update(together(each.runs for cell, each in found.items() if each.runs.random and cell.method is None))
    return found


def task(
    cell: Cell,
    problem: Problem,
    sampling: Sampling,
    theorem: Theorem,
    *,
    constants: Constants | None = None,
    method: Method | None = None,
    schedule: Callable[[Schedule], Schedule] = lambda planned: planned,
) -> Task:
    """The task of a cell from objects at hand; the cell gives the parameters, the seed and the name.

    Parameters
    ----------
    constants : what is claimed, if not what the problem itself claims
    method, schedule : what is run, the theorem's method by default, and what it makes of the planned schedule; a
        method that states the class of its perturbation is judged by the theorem read for the class, any other is a
        program under test, compared with the theorem's method call by call
    """
    reference, reading = load_method(theorem.method, problem), reading_of(method, cell.method, tested=True)
    constants = reading.constants(problem, sampling, cell.request.rho) if constants is None else constants
    plan = theorem.plan_for(constants, reading.request(theorem, cell.request), problem.delta0)
    ran = schedule(plan.schedule)
    program: Method
    if (reading.deviation or reading.bias) is not None and method is not None:
        program, ran = method, reading.schedule(ran)
    elif method in (None, reference) and ran is plan.schedule:
        program = reference
    else:
        program = Program(method or reference, reference, tolerance_of(problem))
    return Task(
        cell, constants, reading, Runs(problem, sampling, plan, ran, program, cell.request, tuple(cell.entropy))
    )


def judged(task: Task) -> Verdict:
    """The verdict on the cell of a task."""
    cell, constants, reading, runs = task
    problem, sampling, plan, ran, program = runs.problem, runs.sampling, runs.plan, runs.schedule, runs.method
    found = searched(problem, sampling, plan.theorem, cell.request.seed)
    if found[0].kind == ORACLE:
        return concluded(cell, found)  # functions that do not answer decide nothing
    stated = (reading.deviation or reading.bias) is not None
    alone = [repeated(problem, sampling, program)] if stated else []
    over_time, states = runs.over_time()
    evidence = [*found, *hypotheses(constants, plan, states), *alone]
    if reading.deviation is not None:
        evidence.append(within(problem, problem.law(sampling), runs.law, states, ran, program, reading.deviation))
    if "biased" in plan.theorem.assumptions:
        evidence.append(biased(problem, runs.law, plan, states, ran, program))
    evidence.append(one_step(problem, runs.law, plan, states, ran, program))
    evidence.append(paths(problem, runs.law, plan, ran, program))
    if isinstance(program, Program):
        evidence[-1:-1] = questioned(program, problem, sampling, plan, ran, states, cell.request.steps, runs.entropy)
    return concluded(cell, [*evidence, over_time])


def judge_curves(
    cell: Cell, problem: Problem, sampling: Sampling, theorem: Theorem, t: npt.NDArray[np.intp], curves: Array
) -> Verdict:
    """Another program's curves f(x_t) - f*, shape (trials, K) at times t of shape (K,), against a theorem's bound.

    Raises
    ------
    InputError
        If the theorem bounds something else than f(x_t) - f*, or a parameter is bad.
    """
    if theorem.measure != "gap":
        raise InputError(f"theorem={theorem.key}: bounds {theorem.measure}, not f(x_t) - f*: curves cannot be judged")
    plan = theorem.plan_for(problem.constants(sampling), cell.request, problem.delta0)
    rounding = problem.suboptimality_rounding(problem.x0[None])[0]
    bound = plan.bound(t, problem.delta0)
    random = not problem.law(sampling).deterministic
    found = monte_carlo.judge(t, curves, bound, lambda: rounding, random, cell.request.alpha)
    return concluded(cell, [replace(found, detail="; ".join(filter(None, [found.detail, _start(t, curves, problem)])))])


def _start(t: npt.NDArray[np.intp], curves: Array, problem: Problem) -> str:
    """A hint where the curves begin at another point than the problem's x0, "" where they do not."""
    first = curves[:, 0]
    rounding = problem.suboptimality_rounding(problem.x0[None])[0] + 1e-6 * problem.delta0
    if t[0] > 0 or (np.abs(first - problem.delta0) <= rounding).all():
        return ""
    return f"the curves begin at f(x0) - f* = {first.mean():.6g}, the problem at {problem.delta0:.6g}: another start?"
