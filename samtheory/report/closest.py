"""How close each theorem's bound came to what was measured: the smallest slack of all, and that of whole runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samtheory.verification.judge import Verdict

#: A run tells something once its bound has fallen to this part of where it began, and as far as float64 resolves it.
FALLEN, RESOLVED = 0.9, 1e-12

#: What the two numbers mean.
MEANING = (
    "Slack is bound / measured, the smallest found anywhere: 1.000 also says that a step was too small, or a point too "
    "good, for bound and measured to differ from where they began. Run is bound / measured at the end of the closest "
    "run whose bound fell by a tenth or more: at 1 the promise is kept to the letter, at 10 it is ten times too "
    "cautious."
)


@dataclass(frozen=True)
class Closest:
    """A theorem's bound where it was closest to what was measured.

    Attributes
    ----------
    theorem : its key
    cells : all that were judged
    tight : the cell with the smallest slack, of equal ones that with the smallest over a run; None if nothing was
        measured
    over_run, run : the smallest bound / measured at the end of a run, and its cell; None where no bound fell
    """

    theorem: str
    cells: tuple[Verdict, ...]
    tight: Verdict | None
    over_run: float | None
    run: Verdict | None

    @property
    def slack(self) -> float | None:
        """The smallest bound / measured, None if nothing was measured."""
        return None if self.tight is None else self.tight.slack

    def to_json(self) -> dict[str, Any]:
        """Plain data: the cells by the commands that show them again."""
        return {
            "command": None if self.tight is None else self.tight.cell.command,
            "over_run": self.over_run,
            "run_command": None if self.run is None else self.run.cell.command,
            "slack": self.slack,
            "theorem": self.theorem,
            "where": "" if self.tight is None else self.tight.where,
        }


def closest(found: Iterable[Verdict]) -> list[Closest]:
    """Every theorem that was judged, the one that came closest over a run first."""
    theorems: dict[str, list[Verdict]] = {}
    for verdict in found:
        theorems.setdefault(verdict.cell.theorem, []).append(verdict)
    each = [_closest(theorem, cells) for theorem, cells in theorems.items()]
    return sorted(each, key=lambda one: (_or_inf(one.over_run), _or_inf(one.slack), one.theorem))


def _closest(theorem: str, cells: Sequence[Verdict]) -> Closest:
    run = min(cells, key=lambda cell: _or_inf(over_run(cell)))
    return Closest(theorem, tuple(cells), tightest(cells), over_run(run), run if over_run(run) is not None else None)


def tightest(cells: Iterable[Verdict]) -> Verdict | None:
    """The cell with the smallest slack, of equal ones that with the smallest over a run."""
    measured = [cell for cell in cells if cell.slack is not None]
    least = min((_or_inf(cell.slack) for cell in measured), default=0.0)
    equal = [cell for cell in measured if cell.slack == least]
    return min(equal, key=lambda cell: _or_inf(over_run(cell)), default=None)


def over_run(verdict: Verdict) -> float | None:
    """bound / measured at the end of the cell's run; None where its bound did not fall, or rounding decides."""
    _, measured, bound = curve_of(verdict) or ((), (), ())
    known = [(b, m) for b, m in zip(bound, measured, strict=True) if b is not None and m is not None]
    first = known[0][0] if known else 0.0
    known = [(b, m) for b, m in known if b >= RESOLVED * first]
    if not known or known[-1][0] > FALLEN * first or known[-1][1] <= 0:
        return None
    ratio = known[-1][0] / known[-1][1]
    return max(ratio, 1.0) if verdict.holds else ratio


def curve_of(verdict: Verdict) -> tuple[tuple[float | None, ...], ...]:
    """(t, measured, bound) of the cell's run, empty if there is none."""
    return next((piece.curve for piece in reversed(verdict.evidence) if piece.curve), ())


def _or_inf(value: float | None) -> float:
    return float("inf") if value is None else value
