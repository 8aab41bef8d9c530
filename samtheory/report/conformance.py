"""Reports of `samtheory conform`: a block for each adapter, the list of checks and variants, the self-test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from samtheory._version import __version__
from samtheory.conformance.adapter import WORDS
from samtheory.conformance.checks import checks
from samtheory.conformance.records import CheckRecord, Conformance
from samtheory.conformance.self_test import Tried
from samtheory.conformance.variants import variants

from .tables import aligned, wrapped

SCHEMA = "samtheory.conform.list/1"
KEYS = {
    SCHEMA: {
        "capabilities": "meaning of each capability word",
        "checks": "one entry for each check",
        "checks.fails": "what a failure means",
        "checks.key": "key of the check",
        "checks.level": "must or note",
        "checks.needs": "capability words that the check needs",
        "checks.passes": "what passes",
        "variants": "one entry for each wrong variant",
        "variants.fails": "checks that it fails",
        "variants.name": "name of the variant",
        "variants.needs": "capability words that it needs",
        "variants.sentence": "what the program does",
    }
}

#: Statuses that are shown without `-v`.
SHOWN = ("fail", "xpass", "xfail", "note", "refused")


def blocks(found: Sequence[Conformance], width: int, verbose: bool = False) -> Iterator[str]:
    """A block for each adapter: the counts, the mistakes, then failures and notes."""
    for k, each in enumerate(found):
        if k:
            yield ""
        yield from _block(each, width, verbose)


def _block(found: Conformance, width: int, verbose: bool) -> Iterator[str]:
    counts = ", ".join(f"{count} {status}" for status, count in found.counts.items())
    yield from wrapped(f"{found.name}: {counts}", width)
    for words in found.diagnoses:
        yield from wrapped(f"diagnosis: {words}", width, indent=2)
    shown = [record for record in found.checks if verbose or record.status in SHOWN]
    yield from aligned([(record.status, record.check, _words(record)) for record in shown], width, indent=2)
    if found.failures and found.command:
        yield f"  {found.command} --only {found.failures[0].check}"


def _words(record: CheckRecord) -> str:
    """Diagnosis, message and what the check is relative to."""
    parts = [record.diagnosis or "", record.message]
    if not record.message and record.distance:
        parts.append(f"distance {record.distance:.1e}")
    if record.relative_to:
        parts.append(f"judged relative to: {record.relative_to}")
    return "; ".join(filter(None, parts))


def table(width: int) -> Iterator[str]:
    """The checks and the variants as text."""
    yield "capabilities"
    yield from aligned(list(WORDS.items()), width, 2)
    yield ""
    yield "checks"
    yield from aligned(
        [(each.key, each.level, " ".join(each.needs), each.passes) for each in checks().values()], width, 2
    )
    yield ""
    yield "wrong variants"
    yield from aligned([(each.name, each.sentence) for each in variants()], width, 2)


def listing() -> dict[str, Any]:
    """The checks and the variants as plain data."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "capabilities": dict(WORDS),
        "checks": [
            {
                "key": each.key,
                "level": each.level,
                "needs": list(each.needs),
                "passes": each.passes,
                "fails": each.matters,
            }
            for each in checks().values()
        ],
        "variants": [
            {"name": each.name, "sentence": each.sentence, "needs": each.needs.split(), "fails": list(each.fails)}
            for each in variants()
        ],
    }


INTRODUCTION = """# Checks of `samtheory conform`

`samtheory conform` compares an optimiser with the reference step of SAM in float64, on five smooth functions that are
neither quadratic nor isotropic, with a large ρ. A failure carries the name of the wrong variant that the run equals,
where one does. [Check my optimiser](check-my-optimizer.md) shows how.

This page is made by `samtheory conform --list --markdown`.
"""


def markdown() -> str:
    """docs/conformance.md."""
    lines = [INTRODUCTION, "## Capabilities", "", "An adapter declares what its optimiser can do in `supports`.", ""]
    lines += _grid(("word", "meaning"), [(f"`{word}`", meaning) for word, meaning in WORDS.items()])
    lines += ["", "## Checks", "", "A check of level *note* reports a number and never fails.", ""]
    rows = [
        (f"`{each.key}`", each.level, " ".join(f"`{word}`" for word in each.needs), each.passes, each.matters)
        for each in checks().values()
    ]
    lines += _grid(("check", "level", "needs", "what passes", "what a failure means"), rows)
    lines += ["", "## Wrong variants", "", "`--self-test` checks that each is named by its own name.", ""]
    variant_rows = [(each.name, each.sentence, ", ".join(f"`{key}`" for key in each.fails)) for each in variants()]
    lines += _grid(("diagnosis", "what the program does", "checks that fail"), variant_rows)
    return "\n".join(lines) + "\n"


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    cells = [head, ["---"] * len(head), *[[cell.replace("|", "\\|") for cell in row] for row in rows]]
    return [f"| {' | '.join(row)} |" for row in cells]


def self_test(found: Sequence[Tried], width: int) -> Iterator[str]:
    """A line for each variant: the checks that fail, and whether it is named."""
    rows = [(each.variant.name, "named" if each.good else "NOT AS EXPECTED", ", ".join(each.failed)) for each in found]
    yield from aligned(rows, width)
    for each in found:
        if not each.good:
            outcome = f"named {', '.join(each.named) or 'nothing'}; expected to fail: {', '.join(each.variant.fails)}"
            yield from wrapped(f"NOT AS EXPECTED: {each.variant.name}: {outcome}", width)
    yield ""
    yield f"{len(found)} wrong variants: {sum(each.good for each in found)} named by their own name"
