"""The cells in which each theorem's bound is closest to the measured value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .judge import Verdict

#: A run counts once its bound is at most FALLEN times the first one; below RESOLVED times the first is rounding.
FALLEN, RESOLVED = 0.9, 1e-12

#: The meaning of the two numbers.
MEANING = (
    "ratio: the smallest bound / measured of all comparisons; also 1.000 where neither moves away from the start. "
    "at end: the smallest bound / measured at the end of a run whose bound falls by 10% or more. "
    "1: the bound is attained; 10: the bound is ten times the measured value; below 1: the bound is violated."
)


@dataclass(frozen=True)
class Closest:
    """The cells in which a theorem's bound is closest to the measured value.

    Attributes
    ----------
    theorem : the key
    cells : all cells of the theorem
    tight : the cell with the smallest bound / measured, ties broken by the ratio at the end of the run; None if
        nothing was measured
    end_ratio, run : the smallest bound / measured at the end of a run, and its cell; None where no bound fell
    """

    theorem: str
    cells: tuple[Verdict, ...]
    tight: Verdict | None
    end_ratio: float | None
    run: Verdict | None

    @property
    def bound_ratio(self) -> float | None:
        """The smallest bound / measured, None if nothing was measured."""
        return None if self.tight is None else self.tight.bound_ratio

    def to_json(self) -> dict[str, Any]:
        """Plain data; a cell is given by its command."""
        return {
            "command": None if self.tight is None else self.tight.cell.command,
            "over_run": self.end_ratio,
            "run_command": None if self.run is None else self.run.cell.command,
            "slack": self.bound_ratio,
            "theorem": self.theorem,
            "where": "" if self.tight is None else self.tight.location,
        }


def closest(found: Iterable[Verdict]) -> list[Closest]:
    """Every theorem, sorted by the ratio at the end of a run, the smallest first."""
    theorems: dict[str, list[Verdict]] = {}
    for verdict in found:
        theorems.setdefault(verdict.cell.theorem, []).append(verdict)
    each = [_closest(theorem, cells) for theorem, cells in theorems.items()]
    return sorted(each, key=lambda one: (_or_inf(one.end_ratio), _or_inf(one.bound_ratio), one.theorem))


def _closest(theorem: str, cells: Sequence[Verdict]) -> Closest:
    run = min(cells, key=lambda cell: _or_inf(end_ratio(cell)))
    return Closest(theorem, tuple(cells), tightest(cells), end_ratio(run), run if end_ratio(run) is not None else None)


def tightest(cells: Iterable[Verdict]) -> Verdict | None:
    """The cell with the smallest bound / measured, ties broken by the ratio at the end of the run."""
    measured = [cell for cell in cells if cell.bound_ratio is not None]
    least = min((_or_inf(cell.bound_ratio) for cell in measured), default=0.0)
    equal = [cell for cell in measured if cell.bound_ratio == least]
    return min(equal, key=lambda cell: _or_inf(end_ratio(cell)), default=None)


def end_ratio(verdict: Verdict) -> float | None:
    """bound / measured at the end of the cell's run; None where the bound did not fall, or rounding decides."""
    _, measured, bound = verdict.curve or ((), (), ())
    known = [(b, m) for b, m in zip(bound, measured, strict=True) if b is not None and m is not None]
    first = known[0][0] if known else 0.0
    known = [(b, m) for b, m in known if b >= RESOLVED * first]
    if not known or known[-1][0] > FALLEN * first or known[-1][1] <= 0:
        return None
    ratio = known[-1][0] / known[-1][1]
    return max(ratio, 1.0) if verdict.holds else ratio


def _or_inf(value: float | None) -> float:
    return float("inf") if value is None else value
