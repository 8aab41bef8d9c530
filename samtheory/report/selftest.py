"""The table of `verify --self-test`: one line for each faulty variant, with the evidence that detects it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samtheory.verification.self_test import KINDS, MutantResult

from .tables import aligned, wrapped

#: Column heads of the kinds of evidence.
HEADS = {"hypothesis": "hyp.", "derivation": "deriv.", "reference": "ref.", "one-step": "1-step", "trajectory": "traj."}


def findings(found: Sequence[MutantResult], width: int) -> Iterator[str]:
    """The table, the variants that were not detected, and a summary."""
    rows: list[Sequence[str]] = [("", "wrong", *(HEADS.get(kind, kind) for kind in KINDS), "right")]
    part = ""
    for finding in found:
        rows.append(
            (
                "" if finding.variant.part == part else finding.variant.part,
                finding.variant.name,
                *("caught" if kind in finding.caught else "·" for kind in KINDS),
                "holds" if finding.right_holds else "FAILS",
            )
        )
        part = finding.variant.part
    yield from aligned(rows, width)
    weaker = [finding for finding in found if finding.variant.weaker and not finding.caught]
    if weaker:
        yield ""
        yield "weaker, still true"
        for finding in weaker:
            yield from wrapped(f"{finding.variant.name}: {finding.variant.weaker}", width, 2)
    bad = [finding for finding in found if not finding.good]
    for finding in bad:
        yield from wrapped(f"NOT AS EXPECTED: {finding.variant.name}: {finding.variant.cell.command}", width)
    caught = sum(bool(finding.caught) for finding in found)
    yield ""
    rest = f"{len(weaker)} weaker and still true, {len(bad)} not as expected"
    yield f"{len(found)} wrong variants: {caught} caught, {rest}"
