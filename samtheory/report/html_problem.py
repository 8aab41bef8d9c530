"""A problem on the page: its constants with their provenance, the hypotheses tested, and the table of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from samtheory.assumptions import formula_symbols
from samtheory.catalogue import problem_of
from samtheory.constants import Constants
from samtheory.io.html import Html, fill
from samtheory.sampling.base import parse_sampling
from samtheory.status import Status
from samtheory.verification.cell import Cell
from samtheory.verification.evidence import Evidence
from samtheory.verification.judge import Verdict

from .html_cell import COLUMNS, entry
from .tables import LETTER, digits
from .verdicts import ratio

SECTION = """<section class="problem" id="problem-$index" data-name="$name">
<h2>$title</h2>
<details class="constants"><summary>constants with their provenance, and hypotheses with the smallest ratio found
</summary><p>f(x₀) − f* = $delta0
<div class="scroll">$constants
$hypotheses</div></details>
<div class="scroll"><table class="cells"><thead><tr>$heads</thead>
$cells</table></div></section>
"""


def section(index: int, members: Sequence[tuple[int, Verdict]], theorems: Mapping[str, int]) -> Html:
    """A problem with its constants and its numbered cells, the worst verdict first."""
    first = members[0][1].cell
    problem = problem_of(first.problem, first.params, first.data)
    specs = dict.fromkeys(verdict.cell.sampling for _, verdict in members)
    known = {spec: problem.constants(parse_sampling(spec)) for spec in specs}
    ordered = sorted(members, key=lambda member: member[1].verdict.rank)
    return fill(
        SECTION,
        index=index,
        name=first.problem,
        title=title(first),
        delta0=digits(problem.delta0),
        constants=table("constant sampling value known source", provenance(known)),
        hypotheses=table("hypothesis sampling ratio where", hypotheses([verdict for _, verdict in members])),
        heads=heads(COLUMNS),
        cells=[
            entry(number, verdict, known[verdict.cell.sampling], problem.delta0, theorems)
            for number, verdict in ordered
        ],
    )


def title(cell: Cell) -> Html:
    """The problem with its parameters and data file."""
    more = " ".join([*(f"{key}={value}" for key, value in cell.params), *([str(cell.data)] if cell.data else [])])
    return fill("$name$more", name=cell.problem, more=fill(" <small>$more</small>", more=more) if more else "")


def provenance(known: Mapping[str, Constants]) -> Iterator[Sequence[str]]:
    """Every constant under every sampling: its value, provenance and source."""
    for name in formula_symbols():
        values = {spec: getattr(constants, name) for spec, constants in known.items()}
        cells = {spec: (digits(v), v.provenance, v.source) for spec, v in values.items() if v is not None}
        for specs, what in shared(cells, len(known)):
            yield LETTER.get(name, name), specs, *what


def hypotheses(verdicts: Sequence[Verdict]) -> Iterator[Sequence[str]]:
    """Every hypothesis that holds, under every sampling: the smallest ratio found and its location."""
    closest: dict[str, dict[str, Evidence]] = {}
    for verdict in verdicts:
        for piece in verdict.evidence:
            if (piece.kind, piece.verdict) == ("hypothesis", Status.HOLDS):
                kept = closest.setdefault(piece.name, {})
                best = kept.setdefault(verdict.cell.sampling, piece)
                if piece.bound_ratio is not None and (best.bound_ratio is None or piece.bound_ratio < best.bound_ratio):
                    kept[verdict.cell.sampling] = piece
    for name, found in closest.items():
        cells = {spec: (ratio(piece.bound_ratio), piece.location) for spec, piece in found.items()}
        for specs, what in shared(cells, len({verdict.cell.sampling for verdict in verdicts})):
            yield name, specs, *what


def shared(cells: Mapping[str, tuple[str, ...]], every: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Group samplings with equal cells: (the samplings, or "every" if all `every` of them, the cells)."""
    same: dict[tuple[str, ...], list[str]] = {}
    for spec, what in cells.items():
        same.setdefault(what, []).append(spec)
    for what, specs in same.items():
        yield "every" if len(specs) == every else ", ".join(specs), what


def table(words: str, rows: Iterable[Sequence[str]]) -> Html:
    """A table with these words as column heads."""
    return fill(
        "<table><thead><tr>$heads</thead><tbody>$rows</tbody></table>", heads=heads(words.split()), rows=map(row, rows)
    )


def heads(words: Sequence[str]) -> list[Html]:
    """Column heads."""
    return [fill('<th scope="col">$word', word=word) for word in words]


def row(words: Sequence[str]) -> Html:
    """A row of a table."""
    return fill("<tr>$cells", cells=[fill("<td>$word", word=word) for word in words])
