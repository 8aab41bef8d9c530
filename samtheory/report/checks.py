"""The table of `samtheory check`: claimed value, provenance and verdict of each constant, and every witness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from samtheory.checking.card import Card
from samtheory.checking.search import Finding
from samtheory.status import Status

from .tables import LETTER, aligned, digits, wrapped

#: The most problems shown constant by constant.
FEW = 2
#: The coordinates of a witness shown here; the JSON document has all, in full precision.
SHOWN = 4

HEADING = ("", "claimed", "known as", "verdict", "best known", "by")


def checks(cards: Sequence[Card], skipped: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Every constant of a few problems or a line for each of many, then each falsified constant with its witness."""
    groups = [list(group) for _, group in groupby(cards, key=lambda card: card.problem)]
    if len(groups) <= FEW:
        for group in groups:
            yield from _in_full(group, width)
            yield ""
    else:
        yield from aligned([(group[0].problem, _counts(_distinct(group))) for group in groups], width)
        yield ""
    for group in groups:
        for finding, card in _distinct(group).values():
            if finding.verdict == Status.FALSIFIED and finding.cause is None:
                yield from _falsified(finding, card, width)
                yield ""
        yield from _consequences(_distinct(group).values(), width)
    for note in dict.fromkeys(card.note for card in cards if card.note):
        yield from wrapped(note, width)
    if any(card.cut for card in cards):
        yield from wrapped("the budget cut the search short: see the points", width)
    for reason in dict.fromkeys(card.unproved for card in cards if card.unproved):
        yield from wrapped(f"nothing is certified: {reason}", width)
    for name, reason in skipped:
        yield from wrapped(f"skipped: {name}: {reason}", width)
    everything = {(k, *key): value for k, group in enumerate(groups) for key, value in _distinct(group).items()}
    yield from wrapped(f"{len(groups)} problem{'s' * (len(groups) != 1)}: {_counts(everything)}", width)


def _distinct(group: Sequence[Card]) -> dict[tuple[Any, ...], tuple[Finding, Card]]:
    """The findings of a problem's cards by constant and sampling; constants that no sampling changes once."""
    found: dict[tuple[Any, ...], tuple[Finding, Card]] = {}
    for card in group:
        for finding in card.constants:
            found.setdefault((finding.name,) if not finding.sampled else (finding.name, card.sampling), (finding, card))
    return found


def _counts(found: dict[tuple[Any, ...], tuple[Finding, Card]]) -> str:
    """The number of constants with each verdict."""
    counts = Counter(finding.verdict for finding, _ in found.values())
    return ", ".join(f"{counts[word]} {word}" for word in Status if counts[word])


def _in_full(group: Sequence[Card], width: int) -> Iterator[str]:
    """One problem: its constants, those of each sampling, and the theorems that do not apply."""
    shared = [finding for finding in group[0].constants if not finding.sampled]
    blocks = [(group[0].problem, shared)]
    blocks += [(card.sampling, [finding for finding in card.constants if finding.sampled]) for card in group]
    rows: list[Sequence[str]] = [HEADING]
    for title, findings in blocks:
        rows += [(title, "", "", "", "", "")]
        causes = sorted(findings, key=lambda each: each.verdict != Status.FALSIFIED or each.cause is not None)
        rows += [_row(finding) for finding in causes]
    yield from aligned(rows, width)
    yield from _lacking(group, width)


def _lacking(group: Sequence[Card], width: int) -> Iterator[str]:
    """The theorems that do not apply by reason, with the samplings unless all of them."""
    missing: dict[str, dict[str, list[str]]] = {}
    for card in group:
        for theorem, reason in card.lacking:
            missing.setdefault(reason, {}).setdefault(theorem, []).append(card.sampling)
    if missing:
        yield from ["", "theorems that do not apply, by reason"]
    for reason, lacking in missing.items():
        by_samplings: dict[str, list[str]] = {}
        for theorem, under in lacking.items():
            by_samplings.setdefault("" if len(under) == len(group) else f" ({', '.join(under)})", []).append(theorem)
        for where, theorems in by_samplings.items():
            yield from wrapped(f"{reason}{where}: {', '.join(theorems)}", width, indent=2)


def _row(finding: Finding) -> Sequence[str]:
    name = LETTER.get(finding.name, finding.name)
    if finding.verdict == Status.NOT_CLAIMED:
        return f"  {name}", "", "", finding.verdict, "", ""
    claimed = "" if finding.claimed is None else digits(finding.claimed)
    best = "" if finding.best_known is None else digits(finding.best_known)
    if finding.cause is not None:
        return f"  {name}", claimed, finding.provenance, finding.verdict, best, f"follows from {finding.cause}"
    by = {Status.CERTIFIED: "proof", Status.LOOSE: "proof", Status.UNDECIDED: finding.method}.get(
        finding.verdict, f"{finding.evaluations:,} point{'s' * (finding.evaluations != 1)}"
    )
    return f"  {name}", claimed, finding.provenance, finding.verdict, best, by


def _consequences(found: Iterable[tuple[Finding, Card]], width: int) -> Iterator[str]:
    """The constants that are wrong only because others are, by these others."""
    by_cause: dict[str, list[str]] = {}
    for finding, card in found:
        if finding.cause is not None:
            under = f" ({card.sampling})" if finding.sampled else ""
            by_cause.setdefault(finding.cause, []).append(LETTER.get(finding.name, finding.name) + under)
    for cause, names in by_cause.items():
        yield from wrapped(f"wrong only because of {cause}: {', '.join(names)}", width)
        yield ""


def _falsified(finding: Finding, card: Card, width: int) -> Iterator[str]:
    """A falsified constant: both sides, the witness, and the command."""
    witness = dict(finding.witness or {})
    text, left, right, ratio = (witness.pop(key) for key in ("inequality", "left", "right", "ratio"))
    at = ", ".join(f"{key} = {_short(value)}" for key, value in witness.items() if value is not None)
    yield from wrapped(f"falsified: {LETTER.get(finding.name, finding.name)} of {card.problem}, {card.sampling}", width)
    yield from wrapped(f"{text} fails: {left:.10g} against {right:.10g}, ratio {digits(ratio)}", width, indent=2)
    if at:
        yield from wrapped(f"at {at}", width, indent=2)
    yield f"  {card.command}"


def _short(value: Any) -> str:
    """A number, or the beginning of a list, in few digits."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_short(item)}" for key, item in value.items())
    if not isinstance(value, list):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    shown = ", ".join(_short(item) for item in value[:SHOWN])
    return f"({shown}{', ...' if len(value) > SHOWN else ''})"
