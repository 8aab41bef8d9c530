"""The tables of `samtheory verify`: verdicts by problem and theorem, and the evidence against failed cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from samtheory.status import Status, worst_of
from samtheory.verification.closest import MEANING, closest, end_ratio, tightest

from .tables import UNLIMITED, aligned, lam_of, wrapped

if TYPE_CHECKING:
    from samtheory.verification.judge import Verdict

Skipped = Sequence[Mapping[str, str]]

#: The most cells in rows of their own, problems in rows by theorem, and reasons in full.
FEW, FEW_PROBLEMS, FEW_REASONS = 24, 3, 6
#: Prefix of a reason that lists missing assumptions.
LACKING = "not claimed of this problem and sampling: "
#: The most theorems named with a reason.
NAMED = 3
HEADS = ("verdict", "exact", "MC", "ratio", "at end")


def verdicts(found: Sequence[Verdict], skipped: Skipped, width: int) -> Iterator[str]:
    """Verdicts by problem and theorem with the smallest ratios, then the cells that do not hold, and a summary."""
    problems = Counter(verdict.cell.problem for verdict in found)
    yield from aligned(_in_detail(found) if len(problems) <= FEW_PROBLEMS else _by_problem(found), width)
    if len(problems) > 1:
        first = closest(found)[0].tight or found[0]
        yield from ["", *aligned(_by_theorem(found), width), "", *wrapped(MEANING, width)]
        yield from wrapped(f"Command of the first row: {first.cell.command}", UNLIMITED)
    for verdict in sorted(found, key=lambda verdict: verdict.verdict.rank):
        if not verdict.holds:
            yield from ["", *_failed(verdict, width)]
    if skipped:
        rows = list(reasons(skipped))
        yield from ["", "skipped", *aligned(rows if len(rows) <= FEW_REASONS else merged(skipped), width, indent=2)]
    yield from ["", *wrapped(_summary(found, skipped), width)]


def ratio(value: float | None) -> str:
    """bound / measured in four digits with trailing zeros, as 1.000; a dash for None."""
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
        for words, cells in members.items():
            label = " ".join(filter(None, words))
            least = tightest(cells)
            where = "" if least is None else least.location if few else f"{_setting(least)} {_kind(least)}"
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
    """A row for each theorem, in the order of `closest`."""
    yield "theorem", *HEADS, "tightest at"
    for each in closest(found):
        where = "" if each.tight is None else f"{each.tight.cell.problem} {_setting(each.tight)} {_kind(each.tight)}"
        yield each.theorem, *_counted(each.cells), where


def _counted(cells: Sequence[Verdict]) -> tuple[str, ...]:
    """The columns of `HEADS`."""
    exact, sampled = (str(sum(_has(cell, basis) for cell in cells)) for basis in ("exact", "statistical"))
    numbers = ([cell.bound_ratio for cell in cells], [end_ratio(cell) for cell in cells])
    least = (min((value for value in values if value is not None), default=None) for values in numbers)
    worst, many = worst_of(cell.verdict for cell in cells), len(cells)
    failing = sum(cell.verdict == worst for cell in cells)
    short = f"{failing} of {many} {worst}" if worst != Status.HOLDS and many > 1 else verdict_counts(cells)
    return short, exact, sampled, *map(ratio, least)


def verdict_counts(cells: Sequence[Verdict]) -> str:
    """The number of cells with each verdict, the worst first; of a single cell, its verdict."""
    counts = Counter(cell.verdict for cell in cells)
    words = [word for word in Status if counts[word]]
    if len(cells) == 1:
        return words[0]
    return ", ".join(
        f"{counts[word]} {'hold' if word == Status.HOLDS and counts[word] > 1 else word}" for word in words
    )


def _has(verdict: Verdict, basis: str) -> bool:
    """Whether the theorem's bound was compared by evidence of this basis."""
    return any(
        piece.basis == basis and piece.kind != "hypothesis" and piece.verdict != Status.SKIPPED
        for piece in verdict.evidence
    )


def _failed(verdict: Verdict, width: int) -> Iterator[str]:
    """A cell that does not hold: the evidence against it, and its command."""
    yield f"{verdict.verdict}: {cell_name(verdict)}"
    against = [piece for piece in verdict.evidence if piece.verdict == verdict.verdict]
    rows = [
        (f"{piece.kind}, {piece.basis}", f"ratio {ratio(piece.bound_ratio)}", f"{piece.name} at {piece.location}")
        for piece in against
    ]
    yield from aligned(rows, width, indent=2)
    yield f"  {verdict.cell.command}"


def _summary(found: Sequence[Verdict], skipped: Sequence[object]) -> str:
    text = f"{len(found)} cell{'s' * (len(found) != 1)}: {verdict_counts(found)}"
    if least := tightest(found):
        text += f"; smallest bound / measured {ratio(least.bound_ratio)}: {cell_name(least)}, {least.location}"
    return text + (f"; {len(skipped)} skipped" if skipped else "")


def cell_name(verdict: Verdict) -> str:
    """Problem, theorem, sampling and λ."""
    cell = verdict.cell
    return f"{cell.problem}, {cell.theorem}, {cell.sampling}, {lam_of(cell.request.lam)}"


def _setting(verdict: Verdict) -> str:
    return f"{verdict.cell.sampling} {lam_of(verdict.cell.request.lam)}"


def _kind(verdict: Verdict) -> str:
    """The kind of evidence with the smallest ratio."""
    return verdict.location.partition(":")[0]


def reasons(skipped: Skipped) -> Iterator[tuple[str, str]]:
    """(the number of cells, the theorems and the reason), one row for each reason."""
    for reason, names in _by_reason((entry, _reason(entry)) for entry in skipped).items():
        yield str(len(names)), f"{', '.join(dict.fromkeys(names))}: {reason}"


def merged(skipped: Skipped) -> Iterator[tuple[str, str]]:
    """`reasons` in few rows: one for each missing assumption, and one for reasons that differ only in numbers.

    A cell that lacks two assumptions counts in both rows.
    """
    entries: list[tuple[Mapping[str, str], str]] = []
    for entry in skipped:
        lacking = _reason(entry).partition(LACKING)[2]
        words = [f"{word} is not claimed" for word in lacking.split(", ")] if lacking else [_reason(entry)]
        entries += ((entry, word) for word in words)
    alike: dict[str, set[str]] = {}
    for _, reason in entries:
        alike.setdefault(_blank(reason), set()).add(reason)
    short = {reason: blank if len(many) > 1 else reason for blank, many in alike.items() for reason in many}
    groups = _by_reason((entry, short[reason]) for entry, reason in entries)
    for reason, named in sorted(groups.items(), key=lambda group: -len(group[1])):
        names = list(dict.fromkeys(named))
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield str(len(named)), f"{reason}: {', '.join(names[:NAMED])}{more}"


def _blank(reason: str) -> str:
    """The reason without its numbers."""
    return re.sub(r"=[-+.\w]*\d", "=…", reason)


def why(skipped: Skipped) -> str:
    """The reasons of the skipped cells, in one line."""
    return "; ".join(reason for _, reason in reasons(skipped))


def _reason(entry: Mapping[str, str]) -> str:
    """The reason without the leading name of the theorem."""
    return entry["reason"].removeprefix(f"{entry['theorem'] or entry['problem']}: ")


def _by_reason(entries: Iterable[tuple[Mapping[str, str], str]]) -> dict[str, list[str]]:
    """The theorems, or problems, by reason."""
    groups: dict[str, list[str]] = {}
    for entry, reason in entries:
        groups.setdefault(reason, []).append(entry["theorem"] or entry["problem"])
    return groups
