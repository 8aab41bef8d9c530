"""Baselines: constants, steps, bounds, bound ratios and verdicts of a sweep in a file, compared with a later sweep.

Exact numbers are compared up to a relative tolerance, means over trials up to several standard errors.  A change in
either direction is a regression until the file is written anew: a smaller bound may be a false one.  So is a change of
the content of a file that a cell names: a problem, a theorem, a program, data or probabilities.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtheory.catalogue import load_method, load_theorem, problem_of
from samtheory.constants import Constants
from samtheory.engine import run
from samtheory.errors import InputError
from samtheory.io import contents
from samtheory.io.json import writer as json_writer
from samtheory.io.kept_numbers import Kept, Tolerance, rounded
from samtheory.problem.distance import starts
from samtheory.sampling.base import parse_sampling
from samtheory.status import Status
from samtheory.theorems.plan import Plan

from .cell import Cell
from .judge import Verdict

SCHEMA = "samtheory.baseline/3"

#: Tolerance and kept digits of a formula, and of a bound ratio, which is the smallest over many points.
FORMULA, FORMULA_DIGITS = Tolerance(relative=1e-9, absolute=1e-300), 11
RATIO, RATIO_DIGITS = Tolerance(relative=1e-6, absolute=1e-300), 8
#: Admissible difference of two means in standard errors: exceeded with probability 6e-7 each, if they are normal.
APART = 5.0
MEAN = Tolerance(relative=1e-6, errors=APART)
MEAN_DIGITS, ERROR_DIGITS = 6, 3
#: Trials of a mean where the cell names no number.
TRIALS = 64
#: Times at which bound and mean are kept.
TIMES = (1, 10, 100, 1000, 10_000)


@dataclass(frozen=True)
class Change:
    """A number that differs from the baseline.

    Attributes
    ----------
    where : the cell's command, the problem and sampling of a constant, or a file
    what : the name of the number
    allowed : how far apart they could have been, in words
    """

    where: str
    what: str
    before: Kept
    now: Kept
    allowed: str


@dataclass(frozen=True)
class Comparison:
    """The differences from a baseline.

    Attributes
    ----------
    changes : numbers and verdicts in both
    lost : cells of the baseline that were asked for and have no verdict any more, with the reason
    gone, new : cells in the baseline only, and in this run only
    """

    changes: list[Change]
    lost: dict[str, str]
    gone: list[str]
    new: list[str]

    @property
    def regression(self) -> bool:
        """Whether a number changed or a cell was lost."""
        return bool(self.changes or self.lost)


class Baseline:
    """A baseline file: read, or refused, before any work; written where it does not exist.

    Parameters
    ----------
    path : the file
    update : write it anew

    Raises
    ------
    InputError
        If the file is not a baseline, or cannot be written.
    """

    def __init__(self, path: str, update: bool = False) -> None:
        self.path, self.before = path, None if update else read(path)
        self.write = json_writer(path, "baseline") if self.before is None else None

    def compared(self, verdicts: Sequence[Verdict], skipped: Sequence[Mapping[str, str]]) -> Comparison | None:
        """The differences from the file; None where it was written."""
        now = snapshot(verdicts)
        if self.before is not None:
            return compare(self.before, now, skipped)
        if self.write is not None:
            self.write(now)
        return None


def label(cell: Cell) -> str:
    """The cell's name in a baseline: its command, without the program."""
    return cell.command.removeprefix("samtheory verify ")


def snapshot(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The JSON document `samtheory.baseline/3` of some verdicts, numbers rounded to the digits that are compared."""
    constants: dict[str, Any] = {}
    cells: dict[str, Any] = {}
    for verdict in verdicts:
        cell = verdict.cell
        problem = problem_of(cell.problem, cell.params, cell.data)
        known = problem.constants(parse_sampling(cell.sampling))
        plan = load_theorem(cell.theorem).plan_for(known, cell.request, problem.delta0)
        constants[_setting(cell)] = _constants(known, problem.delta0)
        cells[label(cell)] = {
            **_steps(plan),
            "cell": dict(cell.key()),
            "bound": _bounds(plan, cell.request.steps, starts(problem)[plan.theorem.lyapunov]),
            "slack": _bound_ratios(verdict),
            "mean": _means(verdict, plan),
            "verdict": verdict.verdict,
        }
    files = {path for verdict in verdicts for path in verdict.cell.paths}
    return {"cells": cells, "constants": constants, "contents": contents.digests(files), "schema": SCHEMA}


def _setting(cell: Cell) -> str:
    """Problem, parameters and sampling, on which constants depend."""
    params = [f"--param {key}={value}" for key, value in cell.params]
    data = [] if cell.data is None else cell.data.words
    return " ".join([cell.problem, "--sampling", cell.sampling, *params, *data])


def _constants(known: Constants, delta0: float) -> dict[str, Kept]:
    return {name: rounded(value, FORMULA_DIGITS) for name, value in {**known.values(), "delta0": delta0}.items()}


def _steps(plan: Plan) -> dict[str, Kept]:
    names = ("rho", "gamma", "rho_max", "gamma_max", "contraction", "neighbourhood")
    return {name: rounded(getattr(plan, name), FORMULA_DIGITS) for name in names}


def _bounds(plan: Plan, steps: int, start: float | None) -> dict[str, Kept]:
    if start is None:
        return {}
    times = [t for t in TIMES if plan.start <= t <= steps]
    return {str(t): rounded(float(plan.bound(t, start)), FORMULA_DIGITS) for t in times}


def _bound_ratios(verdict: Verdict) -> dict[str, Kept]:
    """Bound ratios of the exact evidence, by its kind and name."""
    return {
        f"{piece.kind}: {piece.name}": rounded(piece.bound_ratio, RATIO_DIGITS)
        for piece in verdict.evidence
        if piece.basis == "exact" and piece.verdict != Status.SKIPPED
    }


def _means(verdict: Verdict, plan: Plan) -> dict[str, list[float | None]]:
    """[mean of f(x_t) - f*, its standard error] of the trials, where some evidence is statistical."""
    cell = verdict.cell
    if all(piece.basis == "exact" for piece in verdict.evidence):
        return {}
    problem = problem_of(cell.problem, cell.params, cell.data)
    times = [t for t in TIMES if t <= cell.request.steps]
    asked = cell.request
    trials = TRIALS if isinstance(asked.trials, str) else max(asked.trials, 2)
    curves = run(
        problem, parse_sampling(cell.sampling), plan.schedule, steps=asked.steps, trials=trials, seed=cell.entropy,
        record=times, method=load_method(cell.method or plan.theorem.method, problem), keep=("gap",),
    )  # fmt: skip
    error = curves.gap.std(axis=0, ddof=1) / math.sqrt(trials)
    pairs = zip(curves.gap.mean(axis=0), error, strict=True)
    return {
        str(t): [rounded(mean, MEAN_DIGITS), rounded(se, ERROR_DIGITS)]
        for t, (mean, se) in zip(times, pairs, strict=True)
    }


def read(path: str) -> dict[str, Any] | None:
    """A baseline; None if the file does not exist.

    Raises
    ------
    InputError
        If the file cannot be read or is no baseline.
    """
    try:
        found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not JSON"
        raise InputError(f"baseline={path}: cannot be read ({reason})") from None
    schema = found.get("schema") if isinstance(found, dict) else None
    if schema != SCHEMA and str(schema).startswith(SCHEMA.partition("/")[0]):
        raise InputError(f"baseline={path}: written by an earlier version: must be written anew (--update-baseline)")
    if schema != SCHEMA:
        raise InputError(f"baseline={path}: must be a file that verify --baseline wrote, of schema {SCHEMA}")
    return found


def compare(before: Mapping[str, Any], now: Mapping[str, Any], skipped: Sequence[Mapping[str, str]] = ()) -> Comparison:
    """The differences between two baselines.

    Parameters
    ----------
    skipped : what this run left out, with the reason, as `sweep.select` gives it
    """
    changes = []
    for part, what in (("contents", "content"), ("constants", ""), ("cells", "")):
        for where in sorted(before[part].keys() & now[part].keys()):
            changes += list(_differences(where, what, before[part][where], now[part][where]))
    gone = sorted(before["cells"].keys() - now["cells"].keys())
    reasons = {each: reason for each in gone if (reason := _why_skipped(before["cells"][each]["cell"], skipped))}
    return Comparison(
        changes, reasons, [each for each in gone if each not in reasons],
        sorted(now["cells"].keys() - before["cells"].keys()),
    )  # fmt: skip


def _why_skipped(asked: Mapping[str, str], skipped: Sequence[Mapping[str, str]]) -> str | None:
    """The reason why this run skipped the cell; None if the cell was not requested."""
    for entry in skipped:
        if all(entry[name] in ("", asked[name]) for name in asked):
            return entry["reason"]
    return None


def _differences(where: str, what: str, before: Any, now: Any) -> Iterator[Change]:
    """The differences between two entries, by name."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in sorted(before.keys() | now.keys()):
            yield from _differences(where, f"{what} {name}".strip(), before.get(name), now.get(name))
    elif not same(what, before, now):
        yield Change(where, what, before, now, _allowed(what, before, now))


def same(what: str, before: Kept, now: Kept) -> bool:
    """Whether two values of one name agree within the tolerance of their kind."""
    return _tolerance(what, before).admits(before, now)


def _tolerance(what: str, value: Kept) -> Tolerance:
    if isinstance(value, list):
        return MEAN
    return RATIO if what.startswith("slack") else FORMULA


def _allowed(what: str, before: Kept, now: Kept) -> str:
    """The tolerance in words."""
    if isinstance(before, list) and isinstance(now, list):
        return f"{MEAN.width(before[0], now[0], before[1], now[1]):.2g}, {APART:g} standard errors"
    if isinstance(before, float | int) and isinstance(now, float | int):
        return f"{_tolerance(what, before).relative:g}"
    return "no change"
