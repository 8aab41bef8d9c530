"""A sweep of `verify` in Markdown, for the summary of a job on a CI server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from samtheory.io import tables
from samtheory.verification.closest import closest

from .verdicts import cell_name, ratio, verdict_counts

if TYPE_CHECKING:
    from samtheory.verification.judge import Verdict

#: The most cells that are listed one by one.
LISTED = 20


def summary(found: Sequence[Verdict]) -> str:
    """The counts, the cells that do not hold with their commands, and the smallest bound ratio of each theorem."""
    return "\n".join(_parts(found)) + "\n"


def _parts(found: Sequence[Verdict]) -> Iterator[str]:
    yield f"### samtheory: {len(found)} cell{'s' * (len(found) != 1)}, {verdict_counts(found)}\n"
    failed = sorted((verdict for verdict in found if not verdict.holds), key=lambda verdict: verdict.verdict.rank)
    if failed:
        rows = [
            {
                "verdict": str(verdict.verdict),
                "cell": cell_name(verdict),
                "bound / measured": ratio(verdict.bound_ratio),
                "command": f"`{verdict.cell.command}`",
            }
            for verdict in failed[:LISTED]
        ]
        yield tables.markdown(rows)
        if len(failed) > LISTED:
            yield f"and {len(failed) - LISTED} more\n"
    by_theorem = [
        {
            "theorem": each.theorem,
            "verdicts": verdict_counts(each.cells),
            "smallest bound / measured": ratio(each.bound_ratio),
        }
        for each in closest(found)
    ]
    yield tables.markdown(by_theorem)
