"""A problem on the page: its constants with how they are known and tested, and the table of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from samtheory.assumptions import formula_symbols
from samtheory.catalogue import problem_of
from samtheory.constants import Constants
from samtheory.sampling.samplings import parse_sampling
from samtheory.status import Status
from samtheory.verification.cell import Cell
from samtheory.verification.evidence import Evidence
from samtheory.verification.judge import Verdict

from .html_cell import COLUMNS, entry
from .tables import LETTER, digits
from .verdicts import slack_of


def section(place: int, members: Sequence[tuple[int, Verdict]], theorems: Mapping[str, int]) -> str:
    """A problem with its constants and a table of its numbered cells, the bad ones first."""
    first = members[0][1].cell
    problem = problem_of(first.problem, first.params, first.data)
    specs = dict.fromkeys(verdict.cell.sampling for _, verdict in members)
    known = {spec: problem.constants(parse_sampling(spec)) for spec in specs}
    heads = "".join(f'<th scope="col">{name}' for name in COLUMNS)
    ordered = sorted(members, key=lambda member: member[1].verdict.rank)
    rows = "\n".join(
        entry(number, verdict, known[verdict.cell.sampling], problem.delta0, theorems) for number, verdict in ordered
    )
    return f"""<section class="problem" id="problem-{place}" data-name="{escape(first.problem)}">
<h2>{title(first)}</h2>
<details class="constants"><summary>constants and hypotheses: how they are known, and how close to them anything came
</summary><p>f(x₀) − f* = {digits(problem.delta0)}
<div class="scroll">{table("constant sampling value known source", provenance(known))}
{table("hypothesis sampling slack where", tested([verdict for _, verdict in members]))}</div></details>
<div class="scroll"><table class="cells"><thead><tr>{heads}</thead>
{rows}
</table></div></section>"""


def title(cell: Cell) -> str:
    """The problem with its parameters."""
    more = " ".join([*(f"{key}={value}" for key, value in cell.params), *([cell.data] if cell.data else [])])
    return escape(cell.problem) + (f" <small>{escape(more)}</small>" if more else "")


def provenance(known: Mapping[str, Constants]) -> Iterator[Sequence[str]]:
    """Every constant under every sampling: its value, how it is known, and where it comes from."""
    for name in formula_symbols():
        values = {spec: getattr(constants, name) for spec, constants in known.items()}
        told = {spec: (digits(v), v.provenance, v.source) for spec, v in values.items() if v is not None}
        for specs, what in shared(told, len(known)):
            yield LETTER.get(name, name), specs, *what


def tested(verdicts: Sequence[Verdict]) -> Iterator[Sequence[str]]:
    """Every hypothesis that holds, under every sampling: the smallest slack found, and where."""
    closest: dict[str, dict[str, Evidence]] = {}
    for verdict in verdicts:
        for piece in verdict.evidence:
            if (piece.kind, piece.verdict) == ("hypothesis", Status.HOLDS):
                kept = closest.setdefault(piece.name, {})
                best = kept.setdefault(verdict.cell.sampling, piece)
                if piece.slack is not None and (best.slack is None or piece.slack < best.slack):
                    kept[verdict.cell.sampling] = piece
    for name, found in closest.items():
        told = {spec: (slack_of(piece), piece.where) for spec, piece in found.items()}
        for specs, what in shared(told, len({verdict.cell.sampling for verdict in verdicts})):
            yield name, specs, *what


def shared(told: Mapping[str, tuple[str, ...]], every: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each thing that is said, with the samplings it is said of."""
    same: dict[tuple[str, ...], list[str]] = {}
    for spec, what in told.items():
        same.setdefault(what, []).append(spec)
    for what, specs in same.items():
        yield "every" if len(specs) == every else ", ".join(specs), what


def table(heads: str, rows: Iterator[Sequence[str]]) -> str:
    """A table with these words at the head of its columns."""
    head = "".join(f'<th scope="col">{word}' for word in heads.split())
    return f"<table><thead><tr>{head}</thead><tbody>{''.join(map(line, rows))}</tbody></table>"


def line(words: Sequence[str]) -> str:
    """A row of a table."""
    return "<tr>" + "".join(f"<td>{escape(word)}" for word in words)
