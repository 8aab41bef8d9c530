"""One self-contained HTML page of a verification: no network, readable without JavaScript, escaped by default."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from samtheory._version import __version__
from samtheory.assumptions import assumptions
from samtheory.catalogue import load_theorem
from samtheory.constants import ASSUMPTIONS
from samtheory.io.html import Html, fill, trusted
from samtheory.status import Status, worst_of
from samtheory.theorems.base import MEASURES
from samtheory.verification.closest import MEANING, Closest, closest, end_ratio
from samtheory.verification.evidence import Evidence
from samtheory.verification.judge import Verdict

from .html_cell import classes
from .html_problem import heads, row, section, title
from .tables import LETTER, count, lam_of
from .verdicts import cell_name, ratio, reasons, verdict_counts

HERE = Path(__file__).parent

#: A verdict with its number, by which links name it.
Numbered = tuple[int, Verdict]


def page(found: Sequence[Verdict], skipped: Sequence[Mapping[str, str]], seed: int) -> Html:
    """The whole document; problems with the worst verdict come first."""
    style, script, template = (trusted(HERE / name) for name in ("page.css", "page.js", "page.html"))
    problems: dict[tuple[object, ...], list[Numbered]] = {}
    for number, verdict in enumerate(found):
        cell = verdict.cell
        problems.setdefault((cell.problem, cell.params, cell.data), []).append((number, verdict))
    ordered = sorted(problems.values(), key=lambda members: _worst(members).rank)
    theorems = {key: k for k, key in enumerate(dict.fromkeys(verdict.cell.theorem for verdict in found))}
    return fill(
        template,
        causes=list(causes_section(found)),
        closest=[closest_row(each, found, theorems[each.theorem]) for each in closest(found)],
        heading=heading(found),
        meaning=MEANING,
        options=[fill("<option>$word", word=word) for word in sorted({v.verdict for v in found}, key=_rank)],
        overview=[overview_row(index, members) for index, members in enumerate(ordered)],
        problems=[section(index, members, theorems) for index, members in enumerate(ordered)],
        script=script,
        script_hash=digest(script),
        seed=seed,
        skipped=list(skipped_section(skipped)),
        style=style,
        style_hash=digest(style),
        summary=summary(found, skipped),
        theorems=[theorem_row(key, index) for key, index in theorems.items()],
        verdict=classes(worst_of(verdict.verdict for verdict in found)),
        version=__version__,
    )


def _rank(status: Status) -> int:
    return status.rank


def _worst(members: Sequence[Numbered]) -> Status:
    return worst_of(verdict.verdict for _, verdict in members)


def digest(text: str) -> str:
    """The hash of a script or style in the page's security policy."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def heading(found: Sequence[Verdict]) -> str:
    """The number of cells with each verdict."""
    if all(verdict.holds for verdict in found):
        return f"All {count(len(found))} cells hold" if len(found) > 1 else "The cell holds"
    return f"{len(found)} cell{'s' * (len(found) != 1)}: {verdict_counts(found)}"


def summary(found: Sequence[Verdict], skipped: Sequence[object]) -> Html:
    """The bound that is closest at the end of a run with a link to its cell, and the number of skipped cells."""
    ends = [(end, number) for number, verdict in enumerate(found) if (end := end_ratio(verdict)) is not None]
    text = fill("No bound fell over its run.")
    if ends:
        end, number = min(ends)
        text = fill(
            "Tightest bound at the end of a run: $ratio times what was measured, $link.",
            ratio=ratio(end), link=link(number, cell_name(found[number])),
        )  # fmt: skip
    more = fill(' <a href="#skipped">$count skipped</a>.', count=count(len(skipped))) if skipped else ""
    return fill("$text$more", text=text, more=more)


def causes_section(found: Sequence[Verdict]) -> Iterator[Html]:
    """What fails, the causes before their consequences: one line for each inequality of a problem, with a command."""
    causes: dict[tuple[Status, str, str], list[tuple[Numbered, Evidence]]] = {}
    for number, verdict in enumerate(found):
        for piece in verdict.evidence:
            if piece.verdict == verdict.verdict and not verdict.holds:
                key = (verdict.verdict, verdict.cell.problem, f"{piece.kind}: {piece.name}")
                causes.setdefault(key, []).append(((number, verdict), piece))
    rows = [cause_row(key, causes[key]) for key in sorted(causes, key=lambda key: key[0].rank)]
    if rows:
        yield fill(
            '<h2 id="causes">What does not hold</h2><div class="scroll"><table class="causes"><thead><tr>$heads</thead>'
            "<tbody>$rows</tbody></table></div>",
            heads=heads(("verdict", "problem", "inequality", "bound / measured", "worst cell")), rows=rows,
        )  # fmt: skip


def cause_row(key: tuple[Status, str, str], members: Sequence[tuple[Numbered, Evidence]]) -> Html:
    """The row of an inequality that fails in some cells of a problem: the worst, and the number of others."""
    status, problem, inequality = key
    (number, verdict), piece = min(members, key=lambda member: (member[1].bound_ratio is None, member[1].bound_ratio))
    cells = len({number for (number, _), _ in members})
    return fill(
        '<tr class="$classes"><th scope="row"><b>$status</b><td>$problem<td>$inequality<br>'
        '<span class="small">$location</span><td class="n">$ratio<td>$link$more<br><code>$command</code>\n',
        classes=classes(status), status=status, problem=problem, inequality=inequality, location=piece.location,
        ratio=ratio(piece.bound_ratio), command=verdict.cell.command,
        link=link(number, f"{verdict.cell.theorem} {verdict.cell.sampling} {lam_of(verdict.cell.request.lam)}"),
        more=f" and {cells - 1} more" if cells > 1 else "",
    )  # fmt: skip


def link(number: int, words: str) -> Html:
    """A link to the cell of this number."""
    return fill('<a href="#cell-$number">$words</a>', number=number, words=words)


def _index(verdict: Verdict, found: Sequence[Verdict]) -> int:
    """The number of this very verdict."""
    return next(number for number, each in enumerate(found) if each is verdict)


def overview_row(index: int, members: Sequence[Numbered]) -> Html:
    """The row of a problem: counts of verdicts, and the cell whose bound is tightest at the end of its run."""
    verdicts, tightest_at = [verdict for _, verdict in members], Html()
    ends = [(end, number, verdict.cell) for number, verdict in members if (end := end_ratio(verdict)) is not None]
    least, number, cell = min(ends, key=lambda each: each[:2], default=(None, 0, None))
    if cell is not None:
        tightest_at = link(number, f"{cell.theorem} {cell.sampling} {lam_of(cell.request.lam)}")
    numbers = [
        len(verdicts),
        sum(verdict.holds for verdict in verdicts),
        sum(verdict.verdict == Status.UNDECIDED for verdict in verdicts),
        sum(verdict.verdict.failed for verdict in verdicts),
        ratio(least),
    ]
    return fill(
        '<tr class="$classes"><th scope="row"><b></b><a href="#problem-$index">$title</a>$numbers<td>$tightest_at\n',
        classes=classes(_worst(members)), index=index, title=title(verdicts[0].cell),
        numbers=[fill('<td class="n">$value', value=value) for value in numbers], tightest_at=tightest_at,
    )  # fmt: skip


def closest_row(each: Closest, found: Sequence[Verdict], theorem: int) -> Html:
    """The row of a theorem: its smallest ratios with links to the cells, and a command."""

    def where(verdict: Verdict | None, more: str = "") -> Html:
        if verdict is None:
            return Html()
        cell = verdict.cell
        words = f"{cell.problem}, {cell.sampling}, {lam_of(cell.request.lam)}{more}"
        return link(_index(verdict, found), words)

    tight = each.tight
    return fill(
        '<tr><th scope="row"><a href="#t$theorem">$key</a><td>$counts<td class="n">$ratio<td>$tight$command'
        '<td class="n">$end<td>$run\n',
        theorem=theorem, key=each.theorem, counts=verdict_counts(each.cells), ratio=ratio(each.bound_ratio),
        tight=where(tight, f", {tight.location}") if tight else "",
        command=fill("<br><code>$command</code>", command=tight.cell.command) if tight else "",
        end=ratio(each.end_ratio), run=where(each.run),
    )  # fmt: skip


def theorem_row(key: str, index: int) -> Html:
    """The row of a theorem: statement, source, assumptions, constants, and the measure of its curves."""
    theorem = load_theorem(key)
    assumed = ", ".join(f"{word} ({ASSUMPTIONS[word]})" for word in theorem.assumptions)
    used = dict.fromkeys(
        LETTER.get(name, name) for word in theorem.assumptions for name in assumptions()[word].constants
    )
    return fill(
        '<tr id="t$index"><th scope="row">$key<td>$title: $statement<br><span class="small">$source [$status]. '
        "Assumes $assumed; the constants are $constants. The curves show $measure.</span>\n",
        index=index, key=key, title=theorem.title, statement=theorem.statement, source=theorem.source,
        status=theorem.status, assumed=assumed, constants=", ".join(used), measure=MEASURES[theorem.measure],
    )  # fmt: skip


def skipped_section(skipped: Sequence[Mapping[str, str]]) -> Iterator[Html]:
    """The skipped cells, grouped by reason."""
    if skipped:
        yield fill(
            '<h2 id="skipped">Skipped</h2><details><summary>the reasons</summary><div class="scroll">'
            "<table><tbody>$rows</tbody></table></div></details>",
            rows=map(row, reasons(skipped)),
        )
