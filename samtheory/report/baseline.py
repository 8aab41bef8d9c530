"""A comparison with a baseline, for people."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from samtheory.io.kept_numbers import Kept
from samtheory.verification.baseline import Change, Comparison

from .tables import aligned, wrapped

#: Lines of a list of cells.
LISTED = 10


def comparison(found: Comparison, path: str, width: int) -> Iterator[str]:
    """Changes by cell; cells that could not be judged, are missing or are new; a summary."""
    for where, changes in itertools.groupby(found.changes, key=lambda change: change.where):
        yield where
        yield from aligned(map(_row, changes), width, indent=2)
    for title, lines in (
        ("lost", [f"{cell}: {reason}" for cell, reason in found.lost.items()]),
        ("in the baseline only", found.gone),
        ("not in the baseline", found.new),
    ):
        if lines:
            yield title
            for line in lines[:LISTED]:
                yield from wrapped(line, width, indent=2)
        if len(lines) > LISTED:
            yield f"  and {len(lines) - LISTED} more"
    counts = (
        (len(found.changes), "changed"), (len(found.lost), "lost"),
        (len(found.gone), "in the baseline only"), (len(found.new), "new"),
    )  # fmt: skip
    summary = ", ".join(f"{count} {what}" for count, what in counts if count) or "no difference"
    yield from wrapped(f"{path}: {summary}" + ("; accept with --update-baseline" if found.regression else ""), width)


def _row(change: Change) -> tuple[str, str, str]:
    before, now = change.before, change.now
    moved = ""
    if isinstance(before, float | int) and isinstance(now, float | int) and before:
        moved = f"relative {now / before - 1:+.2g}, "
    return change.what, f"{_shown(before)} → {_shown(now)}", f"{moved}allowed {change.allowed}"


def _shown(value: Kept) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return f"{value[0]:.6g} ± {value[1]:.2g}"
    return value[:12] if isinstance(value, str) else f"{value:.12g}"
