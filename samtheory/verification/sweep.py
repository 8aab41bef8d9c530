"""Many cells: selected by names, judged in parallel, kept in a journal, collected into one result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from samtheory._version import __version__
from samtheory.calculator.classes import reading_of
from samtheory.catalogue import load_method, load_theorem, problems_of, theorem_name
from samtheory.catalogue import theorems as all_theorems
from samtheory.errors import InputError, NotApplicable
from samtheory.execution.spread import WORKER_DIED, Executors, spread
from samtheory.io.data_file import DataFile
from samtheory.io.result import Results
from samtheory.problem.problem import Problem
from samtheory.request import DEFAULT, Request
from samtheory.sampling.base import Sampling, examples, parse_sampling
from samtheory.schedules import NAMED, Rule, is_constant, rule_text
from samtheory.status import Status, exit_code
from samtheory.theorems.base import Theorem

from .cell import STREAM, Cell
from .closest import closest
from .evidence import Evidence
from .journal import Journal
from .judge import Parcel, Parcelled, Verdict, concluded, judge_of_parcel

SCHEMA = "samtheory.verify/1"
KEYS = {
    SCHEMA: {
        "cells": "one entry for each problem, theorem, sampling and λ",
        "cells.evidence": "the checks of the cell",
        "cells.evidence.basis": "exact (enumerated) or statistical",
        "cells.evidence.cases": "number of comparisons",
        "cells.evidence.detail": "further words",
        "cells.evidence.kind": "kind of check, such as hypothesis, one-step or trajectory",
        "cells.evidence.name": "the inequality",
        "cells.evidence.slack": "smallest bound / measured, null where nothing was measured",
        "cells.evidence.verdict": "holds, violated, undecided, skipped or another status",
        "cells.evidence.where": "where bound / measured is smallest; the reason of a check that was skipped",
        "cells.slack": "smallest bound / measured of the bounds, null where nothing was measured",
        "cells.verdict": "the verdict on the cell",
        "cells.where": "where bound / measured is smallest",
        "closest": "one entry for each theorem, the closest bound at the end of a run first",
        "closest.command": "command of the cell with the smallest bound / measured, null for none",
        "closest.over_run": "smallest bound / measured at the end of a run, null where no bound fell",
        "closest.run_command": "command of the cell of that run, null for none",
        "closest.slack": "smallest bound / measured of all cells, null where nothing was measured",
        "closest.where": "where that is",
    }
}

#: The lam of a sweep that names none; the schedules only where a theorem covers them.
LAMS: tuple[float | str, ...] = (0.0, 0.5, 1.0, *NAMED)


class Selection(NamedTuple):
    """Cells to judge; combinations that are left out, with the reason."""

    cells: list[Cell]
    skipped: list[dict[str, str]]


def select(
    problems: Sequence[str] = (),
    theorems: Sequence[str] = (),
    samplings: Sequence[str] = (),
    lams: Sequence[Rule] = (),
    request: Request = DEFAULT,
    *,
    params: Mapping[str, str] | None = None,
    data: DataFile | None = None,
    method: str | None = None,
) -> Selection:
    """The cells of all combinations of names, and the combinations that are left out, with the reason.

    Empty sequences mean everything: the whole catalogue of problems, every theorem, each sampling's examples, and
    `LAMS`. A combination that a theorem does not cover (another kind of lam, an assumption that the problem does not
    claim) is listed in `skipped`.

    Parameters
    ----------
    request : what is asked of each cell, at each of `lams`
    params, data : of every problem
    method : what is run, as `judge.task` reads it; the theorem's method where None is given

    Raises
    ------
    InputError
        If a name is unknown or a number is out of range.
    """
    given = tuple(sorted((params or {}).items()))
    chosen = [(key, load_theorem(key)) for key in map(theorem_name, theorems or all_theorems())]
    drawn = [parse_sampling(text) for text in samplings]
    cells: list[Cell] = []
    skipped: list[dict[str, str]] = []

    def skip(reason: object, problem: str, theorem: str = "", sampling: str = "", lam: str = "") -> None:
        where = {"problem": problem, "theorem": theorem, "sampling": sampling, "lam": lam}
        skipped.append({**where, "reason": str(reason)})

    def settings() -> Iterator[tuple[str, Problem, Sampling]]:
        """Each problem under each sampling that it has constants for."""
        for name, problem in problems_of(problems, given, data, lambda name, missing: skip(missing, name)):
            for sampling in drawn or examples(problem.n):
                try:
                    problem.constants(sampling)
                    yield name, problem, sampling
                except NotApplicable as outside:
                    skip(outside, name, sampling=sampling.spec)

    for name, problem, sampling in settings():
        reading = reading_of(None if method is None else load_method(method, problem), method, tested=True)
        reading.covered(theorem for _, theorem in chosen)
        known = reading.constants(problem, sampling, request.rho)
        for key, theorem in chosen:
            reason = reading.why_not_covered(theorem)
            if reason := reason or theorem.why_not_applicable(known, allow_outside=request.allow_outside):
                skip(reason, name, key, sampling.spec)
                continue
            asked: Sequence[Rule] = lams or [lam for lam in LAMS if covers(theorem, lam)]
            if (reading.deviation or reading.bias) is not None:
                asked = [reading.lam(theorem, lam) for lam in (lams or (None,))]
            for lam in asked:
                cell = Cell(name, key, sampling.spec, request.but(lam=lam), given, data, method=method)
                try:
                    theorem.plan_for(known, reading.request(theorem, cell.request), problem.delta0)
                except (NotApplicable, InputError) as error:
                    if theorems and isinstance(error, InputError):
                        raise  # rho or gamma that a named theorem does not admit
                    skip(error, name, key, sampling.spec, rule_text(lam))
                else:
                    cells.append(cell)
    return Selection(cells, skipped)


def covers(theorem: Theorem, lam: Rule) -> bool:
    """Whether the theorem covers this kind of lam."""
    return lam == theorem.only if theorem.only is not None else theorem.varying_lam or is_constant(lam)


class Sweep(Results[Verdict]):
    """The verdicts on many cells.

    Parameters
    ----------
    verdicts : in the order of the cells
    skipped : the combinations left out, as in `Selection`
    seed : of the request
    total : number of cells; more than the verdicts where the sweep was interrupted
    """

    unit = "cells"

    def __init__(
        self,
        verdicts: Sequence[Verdict],
        skipped: Sequence[Mapping[str, str]] = (),
        seed: int = 0,
        total: int | None = None,
    ) -> None:
        super().__init__(verdicts)
        self.skipped, self.seed = [dict(entry) for entry in skipped], seed
        self.total = len(verdicts) if total is None else total

    @property
    def complete(self) -> bool:
        """Whether every cell has a verdict."""
        return len(self) == self.total

    @property
    def exit_code(self) -> int:
        """0 all holds, 1 a failure, 3 undecided or interrupted."""
        return exit_code(verdict.verdict for verdict in self) if self.complete else 3

    def records(self) -> Iterator[Mapping[str, Any]]:
        """A row for each cell."""
        for verdict in self:
            numbers = {"verdict": str(verdict.verdict), "slack": verdict.bound_ratio, "where": verdict.location}
            yield {**verdict.cell.key(), **numbers}

    def to_json(self) -> dict[str, Any]:
        """The JSON document `samtheory.verify/1`."""
        return {
            "cells": [verdict.to_json() for verdict in self],
            "closest": [each.to_json() for each in closest(self)],
            "schema": SCHEMA,
            "seed": self.seed,
            "skipped": self.skipped,
            "version": __version__,
        }


def sweep(
    cells: Sequence[Cell],
    executor: Executors | Executor | None = None,
    on_done: Callable[[Verdict], None] = lambda verdict: None,
    known: Mapping[Cell, Verdict] | None = None,
) -> list[Verdict]:
    """The verdicts on `cells`, in their order, the same whatever executes them.

    Parameters
    ----------
    executor : where the cells are judged, as in `spread`; this process where None is given
    on_done : called with each new verdict
    known : verdicts that exist already

    Notes
    -----
    The cells of a worker that dies are tried again, each alone; a cell that fails again is undecided, never dropped.
    """
    found = dict(known or {})
    batches = [[each for each in batch if each.cell not in found] for batch in _batches(cells)]
    verdicts = spread(judge_of_parcel, [each for each in batches if each], executor, _lost, on_done, _paths)
    found.update({verdict.cell: verdict for verdict in verdicts})
    return [found[cell] for cell in cells]


def journalled(
    selection: Selection,
    journal: Journal,
    executor: Executors | Executor | None = None,
    on_done: Callable[[Verdict], None] = lambda verdict: None,
) -> Sweep:
    """`sweep` for the cells that the journal lacks, each kept at once; after Ctrl-C, the verdicts that exist.

    `on_done` is called with the verdicts of the journal too.
    """
    cells, skipped = selection
    seed = cells[0].request.seed if cells else 0
    done = [journal.known[cell] for cell in cells if cell in journal.known]
    for verdict in done:
        on_done(verdict)

    def keep(verdict: Verdict) -> None:
        journal.append(verdict)
        done.append(verdict)
        on_done(verdict)

    try:
        return Sweep(sweep(cells, executor, keep, journal.known), skipped, seed)
    except KeyboardInterrupt:
        return Sweep(done, skipped, seed, total=len(cells))


#: Cells that a worker judges at once: at most so many, and fewer where there are few groups of cells to share out.
MOST, FEW, LEAST = 128, 8, 32


def _batches(cells: Iterable[Cell]) -> list[list[Parcelled]]:
    """Batches with the same problem and sampling, which share most of the work; those with most cells first.

    The cells of a batch depend on all cells of the sweep, as what is run together with a cell has to.
    """
    groups = [tuple(group) for _, group in groupby(cells, attrgetter(*STREAM))]
    most = LEAST if len(groups) < FEW else MOST
    batches = []
    for parcel in map(Parcel, groups):
        items = [Parcelled(cell, parcel) for cell in parcel.cells]
        batches += [items[begin : begin + most] for begin in range(0, len(items), most)]
    return sorted(batches, key=len, reverse=True)


def _paths(item: Parcelled) -> list[str]:
    """The files that a cell names."""
    return item.cell.paths


def _lost(item: Parcelled) -> Verdict:
    """The verdict on a cell whose workers died."""
    return concluded(item.cell, [Evidence("worker", "finished", Status.UNDECIDED, "exact", None, WORKER_DIED, 0)])
