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
from samtheory.verification.closest import MEANING, Closest, closest, end_ratio, tightest
from samtheory.verification.judge import Verdict

from .html_cell import classes
from .html_problem import row, section, title
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
    """The smallest bound / measured with a link to its cell, and the number of skipped cells."""
    text = fill("No bound was measured.")
    if (tight := tightest(found)) is not None:
        text = fill(
            "Smallest bound / measured $ratio: $link, $location.",
            ratio=ratio(tight.bound_ratio), link=link(_index(tight, found), cell_name(tight)), location=tight.location,
        )  # fmt: skip
    more = fill(' <a href="#skipped">$count skipped</a>.', count=count(len(skipped))) if skipped else ""
    return fill("$text$more", text=text, more=more)


def link(number: int, words: str) -> Html:
    """A link to the cell of this number."""
    return fill('<a href="#cell-$number">$words</a>', number=number, words=words)


def _index(verdict: Verdict, found: Sequence[Verdict]) -> int:
    """The number of this very verdict."""
    return next(number for number, each in enumerate(found) if each is verdict)


def overview_row(index: int, members: Sequence[Numbered]) -> Html:
    """The row of a problem: counts of verdicts and the tightest cell."""
    verdicts = [verdict for _, verdict in members]
    tight, tightest_at = tightest(verdicts), Html()
    if tight is not None:
        cell = tight.cell
        number = next(number for number, verdict in members if verdict is tight)
        tightest_at = link(number, f"{cell.theorem} {cell.sampling} {lam_of(cell.request.lam)}")
    ends = [end for verdict in verdicts if (end := end_ratio(verdict)) is not None]
    numbers = [
        len(verdicts),
        sum(verdict.holds for verdict in verdicts),
        sum(verdict.verdict == Status.UNDECIDED for verdict in verdicts),
        sum(verdict.verdict.failed for verdict in verdicts),
        ratio(None if tight is None else tight.bound_ratio),
        ratio(min(ends, default=None)),
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
