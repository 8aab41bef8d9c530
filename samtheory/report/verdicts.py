"""What a verification found, as tables for people: by problem and theorem, with everything that does not hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from samtheory.status import Status, worst_of

from .closest import MEANING, closest, over_run, tightest
from .tables import UNLIMITED, aligned, lam_of, wrapped

if TYPE_CHECKING:
    from samtheory.verification.evidence import Evidence
    from samtheory.verification.judge import Verdict

Skipped = Sequence[Mapping[str, str]]

#: Up to this many cells are shown one by one, problems theorem by theorem, and reasons in full.
FEW, FEW_PROBLEMS, FEW_REASONS = 24, 3, 6
#: How a reason begins that names the assumptions which are missing.
LACKING = "not claimed of this problem and sampling: "
#: Up to this many names stand in one line.
NAMED = 3
HEADS = ("verdict", "exact", "MC", "slack", "run")


def verdicts(found: Sequence[Verdict], skipped: Skipped, width: int) -> Iterator[str]:
    """Verdicts by problem and theorem with the smallest slack, all cells that do not hold, and a summary."""
    problems = Counter(verdict.cell.problem for verdict in found)
    yield from aligned(_in_detail(found) if len(problems) <= FEW_PROBLEMS else _by_problem(found), width)
    if len(problems) > 1:
        first = closest(found)[0].tight or found[0]
        yield from ["", *aligned(_by_theorem(found), width), "", *wrapped(MEANING, width)]
        yield from wrapped(f"The first line again: {first.cell.command}", UNLIMITED)
    for verdict in sorted(found, key=lambda verdict: verdict.verdict.rank):
        if not verdict.holds:
            yield from ["", *_accused(verdict, width)]
    if skipped:
        told = list(reasons(skipped))
        yield from ["", "skipped", *aligned(told if len(told) <= FEW_REASONS else merged(skipped), width, indent=2)]
    yield from ["", *wrapped(_summary(found, skipped), width)]


def slack_of(found: Verdict | Evidence) -> str:
    """bound / measured in four digits, the trailing zeros too: 1.000 is not 1."""
    return ratio(found.slack)


def ratio(value: float | None) -> str:
    """A quotient in four digits, the trailing zeros too; a dash for None."""
    return "–" if value is None else f"{value:#.4g}".removesuffix(".")


def _in_detail(found: Sequence[Verdict]) -> Iterator[Sequence[str]]:
    """A row for each problem and theorem, or for each cell where there are few."""
    few = len(found) <= FEW
    groups: dict[str, dict[tuple[str, str, str], list[Verdict]]] = {}
    for verdict in found:
        cell = verdict.cell
        within = (cell.theorem, cell.sampling, lam_of(cell.request.lam)) if few else (cell.theorem, "", "")
        groups.setdefault(cell.problem, {}).setdefault(within, []).append(verdict)
    yield "", *HEADS[:-1], "tightest at"
    for problem, members in groups.items():
        yield problem, "", "", "", "", ""
        for (theorem, *place), cells in members.items():
            label = " ".join(filter(None, [theorem, *place]))
            least = tightest(cells)
            where = "" if least is None else least.where if few else f"{_setting(least)} {_kind(least)}"
            yield f"  {label}", *_counted(cells)[:-1], where


def _by_problem(found: Sequence[Verdict]) -> Iterator[Sequence[str]]:
    """A row for each problem."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in found:
        groups.setdefault(verdict.cell.problem, []).append(verdict)
    yield "problem", *HEADS, "tightest at"
    for problem, cells in groups.items():
        least = tightest(cells)
        where = "" if least is None else f"{least.cell.theorem} {_setting(least)} {_kind(least)}"
        yield problem, *_counted(cells), where


def _by_theorem(found: Sequence[Verdict]) -> Iterator[Sequence[str]]:
    """A row for each theorem, the one closest to what was measured first."""
    yield "theorem", *HEADS, "tightest at"
    for each in closest(found):
        where = "" if each.tight is None else f"{each.tight.cell.problem} {_setting(each.tight)} {_kind(each.tight)}"
        yield each.theorem, *_counted(each.cells), where


def _counted(cells: Sequence[Verdict]) -> tuple[str, ...]:
    """The columns of `HEADS`."""
    exact, sampled = (str(sum(_has(cell, basis) for cell in cells)) for basis in ("exact", "statistical"))
    numbers = ([cell.slack for cell in cells], [over_run(cell) for cell in cells])
    least = (min((value for value in values if value is not None), default=None) for values in numbers)
    worst, many = worst_of(cell.verdict for cell in cells), len(cells)
    failing = sum(cell.verdict == worst for cell in cells)
    short = f"{failing} of {many} {worst}" if worst != Status.HOLDS and many > 1 else verdict_counts(cells)
    return short, exact, sampled, *map(ratio, least)


def verdict_counts(cells: Sequence[Verdict]) -> str:
    """How many of each verdict, the bad ones first; of a single cell, its verdict."""
    counts = Counter(cell.verdict for cell in cells)
    words = [word for word in Status if counts[word]]
    if len(cells) == 1:
        return words[0]
    return ", ".join(
        f"{counts[word]} {'hold' if word == Status.HOLDS and counts[word] > 1 else word}" for word in words
    )


def _has(verdict: Verdict, basis: str) -> bool:
    """Whether the theorem's bound itself was checked with this kind of evidence."""
    return any(
        piece.basis == basis and piece.kind != "hypothesis" and piece.verdict != Status.SKIPPED
        for piece in verdict.evidence
    )


def _accused(verdict: Verdict, width: int) -> Iterator[str]:
    """A cell that does not hold: the evidence against it, and the command that shows it again."""
    yield f"{verdict.verdict}: {place(verdict)}"
    against = [piece for piece in verdict.evidence if piece.verdict == verdict.verdict]
    rows = [
        (f"{piece.kind}, {piece.basis}", f"slack {slack_of(piece)}", f"{piece.name} at {piece.where}")
        for piece in against
    ]
    yield from aligned(rows, width, indent=2)
    yield f"  {verdict.cell.command}"


def _summary(found: Sequence[Verdict], skipped: Sequence[object]) -> str:
    text = f"{len(found)} cell{'s' * (len(found) != 1)}: {verdict_counts(found)}"
    if least := tightest(found):
        text += f"; smallest bound / measured {slack_of(least)}: {place(least)}, {least.where}"
    return text + (f"; {len(skipped)} skipped" if skipped else "")


def place(verdict: Verdict) -> str:
    """The cell in words."""
    cell = verdict.cell
    return f"{cell.problem}, {cell.theorem}, {cell.sampling}, {lam_of(cell.request.lam)}"


def _setting(verdict: Verdict) -> str:
    return f"{verdict.cell.sampling} {lam_of(verdict.cell.request.lam)}"


def _kind(verdict: Verdict) -> str:
    """The evidence that the slack is of."""
    return verdict.where.partition(":")[0]


def reasons(skipped: Skipped) -> Iterator[tuple[str, str]]:
    """How often each reason stopped something, and for which theorems."""
    for reason, what in _gathered((entry, _reason(entry)) for entry in skipped).items():
        yield str(len(what)), f"{', '.join(dict.fromkeys(what))}: {reason}"


def merged(skipped: Skipped) -> Iterator[tuple[str, str]]:
    """The same in few lines: one for each missing assumption, and one for reasons that differ in their numbers alone.

    What lacks two assumptions is counted under both.
    """
    told: list[tuple[Mapping[str, str], str]] = []
    for entry in skipped:
        lacking = _reason(entry).partition(LACKING)[2]
        words = [f"{word} is not claimed" for word in lacking.split(", ")] if lacking else [_reason(entry)]
        told += ((entry, word) for word in words)
    alike: dict[str, set[str]] = {}
    for _, reason in told:
        alike.setdefault(_blank(reason), set()).add(reason)
    short = {reason: blank if len(many) > 1 else reason for blank, many in alike.items() for reason in many}
    groups = _gathered((entry, short[reason]) for entry, reason in told)
    for reason, what in sorted(groups.items(), key=lambda group: -len(group[1])):
        names = list(dict.fromkeys(what))
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield str(len(what)), f"{reason}: {', '.join(names[:NAMED])}{more}"


def _blank(reason: str) -> str:
    """The reason without its numbers."""
    return re.sub(r"=[-+.\w]*\d", "=…", reason)


def why(skipped: Skipped) -> str:
    """The reasons of what was skipped, in one line."""
    return "; ".join(reason for _, reason in reasons(skipped))


def _reason(entry: Mapping[str, str]) -> str:
    """Without the theorem's name before it."""
    return entry["reason"].removeprefix(f"{entry['theorem'] or entry['problem']}: ")


def _gathered(told: Iterable[tuple[Mapping[str, str], str]]) -> dict[str, list[str]]:
    """The theorems (or problems) by reason."""
    stopped: dict[str, list[str]] = {}
    for entry, reason in told:
        stopped.setdefault(reason, []).append(entry["theorem"] or entry["problem"])
    return stopped
