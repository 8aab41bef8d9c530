"""Many cells: which ones, on which machines, kept as they come, put into one document."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from typing import Any

from . import __version__, files
from .catalogue import load_theorem, problem_names
from .catalogue import theorems as all_theorems
from .cell import ALPHA, STEPS, TRIALS, Cell, lam_text
from .errors import InputError, MissingExtra, NotApplicable, whole
from .evidence.record import Evidence
from .sampling import parse_sampling
from .sampling import samplings as sampling_kinds
from .schedules import NAMED, Rule, is_constant
from .theorems.base import Theorem
from .verification import Verdict, concluded, judge, plan_for, probability, problem_of, trial_count

SCHEMA = "samtheory.verify/1"

#: The lam of a sweep that names none; the schedules only where a theorem covers them.
LAMS: tuple[float | str, ...] = (0.0, 0.5, 1.0, *NAMED)


def select(
    problems: Sequence[str] = (),
    theorems: Sequence[str] = (),
    samplings: Sequence[str] = (),
    lams: Sequence[float | str] = (),
    *,
    rho: float | None = None,
    rho_fraction: float | None = None,
    gamma: float | None = None,
    allow_outside: bool = False,
    params: Mapping[str, str] | None = None,
    data: str | None = None,
    seed: int = 0,
    trials: int | str = TRIALS,
    steps: int = STEPS,
    alpha: float = ALPHA,
) -> tuple[list[Cell], list[dict[str, str]]]:
    """The cells that names stand for, and what was left out with the reason.

    Empty sequences mean everything: the whole catalogue of problems, every theorem, each sampling's examples, and
    `LAMS`. What a caller did not name and a theorem does not cover by its nature (another kind of lam, an assumption
    the problem does not claim) is listed in `skipped`.

    Raises
    ------
    InputError
        If a name is unknown or a number is out of range.
    """
    seed, trials, steps, alpha = whole("seed", seed), trial_count(trials), whole("steps", steps, 1), probability(alpha)
    given = tuple(sorted((params or {}).items()))
    chosen = [(key, load_theorem(key)) for key in theorems or all_theorems()]
    asked = [parse_sampling(text) for text in samplings]
    cells: list[Cell] = []
    skipped: list[dict[str, str]] = []

    def skip(reason: str, problem: str, theorem: str = "", sampling: str = "", lam: float | str = "") -> None:
        where = {"problem": problem, "theorem": theorem, "sampling": sampling}
        skipped.append({**where, "lam": lam_text(lam) if lam != "" else "", "reason": reason})

    for name in problems or problem_names():
        try:
            problem = problem_of(name, given, data)
        except MissingExtra as missing:
            if problems:
                raise
            skip(str(missing), name)
            continue
        for sampling in asked or [s for kind in sampling_kinds().values() for s in kind.examples(problem.n)]:
            try:
                constants = problem.constants(sampling)
            except NotApplicable as outside:
                skip(str(outside), name, sampling=sampling.spec)
                continue
            for key, theorem in chosen:
                if reason := theorem.missing(constants, allow_outside=allow_outside):
                    skip(reason, name, key, sampling.spec)
                    continue
                for lam in lams or LAMS:
                    if not lams and not covers(theorem, lam):
                        continue
                    cell = Cell(
                        name, key, sampling.spec, lam, rho, rho_fraction, gamma, allow_outside, given, data,
                        seed, trials, steps, alpha,
                    )
                    try:
                        plan_for(theorem, constants, cell, problem.delta0)
                    except NotApplicable as error:
                        skip(str(error), name, key, sampling.spec, lam)
                    except InputError as error:
                        if theorems:
                            raise
                        skip(str(error), name, key, sampling.spec, lam)
                    else:
                        cells.append(cell)
    return cells, skipped


def covers(theorem: Theorem, lam: Rule) -> bool:
    """Whether the theorem is about this kind of lam at all."""
    return lam == theorem.only if theorem.only is not None else theorem.varying_lam or is_constant(lam)


def sweep(
    cells: Sequence[Cell],
    executor: Callable[[], Executor] | Executor | None = None,
    on_done: Callable[[Verdict], None] | None = None,
    known: Mapping[Cell, Verdict] | None = None,
) -> list[Verdict]:
    """The verdicts on `cells`, in their order, the same whatever works on them.

    Parameters
    ----------
    cells : what to judge
    executor : a `concurrent.futures.Executor`, or a function that makes one (`local`, `dask`), so that a new one can
        take over from one whose worker died; None works in this process
    on_done : called with each verdict as it comes
    known : verdicts that are there already

    Notes
    -----
    A worker that dies has its cells tried once more, each alone; a cell that fails again is undecided, never dropped.
    """
    found: dict[Cell, Verdict] = dict(known or {})
    waiting = [cell for cell in cells if cell not in found]

    def keep(cell: Cell, verdict: Verdict) -> None:
        found[cell] = verdict
        if on_done is not None:
            on_done(verdict)

    if executor is None:
        for cell in waiting:
            keep(cell, judge(cell))
        return [found[cell] for cell in cells]
    make = (lambda: executor) if isinstance(executor, Executor) else executor
    for cell in _attempt(make, _parcels(waiting), keep):
        if _attempt(make, [[cell]], keep):
            keep(cell, _lost(cell))
    return [found[cell] for cell in cells]


def _parcels(cells: Sequence[Cell], size: int = 4) -> list[list[Cell]]:
    """The cells in lots that are sent together."""
    return [list(cells[begin : begin + size]) for begin in range(0, len(cells), size)]


def _attempt(
    make: Callable[[], Executor], parcels: Iterable[list[Cell]], keep: Callable[[Cell, Verdict], None]
) -> list[Cell]:
    """Judge the parcels on an executor; the cells of those whose worker died, in order."""
    lost: list[Cell] = []
    pool = make()
    futures: dict[Future[list[Verdict]], list[Cell]] = {}
    try:
        for parcel in parcels:
            try:
                futures[pool.submit(judge_sent, parcel, contents(parcel))] = parcel
            except BrokenExecutor:
                lost += parcel
        for future in as_completed(futures):
            try:
                verdicts = future.result()
            except (InputError, NotApplicable):
                raise
            except Exception:  # noqa: BLE001 - whatever an executor makes of a worker that died
                lost += futures[future]
            else:
                for cell, verdict in zip(futures[future], verdicts, strict=True):
                    keep(cell, verdict)
    finally:
        for future in futures:
            future.cancel()
        if getattr(pool, "made_here", False):
            pool.shutdown(cancel_futures=True)
    order = {cell: place for place, parcel in enumerate(futures.values()) for cell in parcel}
    return sorted(lost, key=lambda cell: order.get(cell, len(order)))


def _lost(cell: Cell) -> Verdict:
    """What is said of a cell whose workers died."""
    why = "the worker that had this cell died, twice"
    return concluded(cell, [Evidence("worker", "finished", "undecided", "exact", None, why, 0)])


def contents(cells: Iterable[Cell]) -> dict[str, bytes]:
    """The files that cells name, by path, to send along with them."""
    named = {path for cell in cells for path in cell.paths}
    return {path: files.content(path) for path in sorted(named) if files.exists(path)}


def judge_sent(cells: Sequence[Cell], sent: Mapping[str, bytes]) -> list[Verdict]:
    """`judge` on another machine, with the files that the cells name."""
    files.send(sent)
    return [judge(cell) for cell in cells]


def local(workers: int) -> Callable[[], Executor]:
    """Makes executors of `workers` processes on this machine."""

    def make() -> Executor:
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(method))
        pool.made_here = True  # type: ignore[attr-defined]
        return pool

    return make


def document(verdicts: Sequence[Verdict], skipped: Sequence[Mapping[str, str]], seed: int) -> dict[str, Any]:
    """The JSON document `samtheory.verify/1`."""
    return {
        "cells": [verdict.to_json() for verdict in verdicts],
        "schema": SCHEMA,
        "seed": seed,
        "skipped": [dict(entry) for entry in skipped],
        "version": __version__,
    }
