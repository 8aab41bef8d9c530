"""One self-contained HTML page of a verification: no network, readable without JavaScript, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from samtheory._version import __version__
from samtheory.assumptions import assumptions
from samtheory.catalogue import load_theorem
from samtheory.constants import ASSUMPTIONS
from samtheory.status import Status, worst_of
from samtheory.theorems.base import MEASURES
from samtheory.verification.judge import Verdict

from .closest import MEANING, closest, over_run, tightest
from .html_problem import line, section, title
from .tables import LETTER, count, lam_of
from .verdicts import place as cell_in_words
from .verdicts import ratio, reasons, slack_of, verdict_counts

HERE = Path(__file__).parent


def page(found: Sequence[Verdict], skipped: Sequence[Mapping[str, str]], seed: int) -> str:
    """The whole document."""
    style, script = (HERE.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    groups: dict[tuple[object, ...], list[tuple[int, Verdict]]] = {}
    for number, verdict in enumerate(found):
        cell = verdict.cell
        groups.setdefault((cell.problem, cell.params, cell.data), []).append((number, verdict))
    theorems = {key: k for k, key in enumerate(dict.fromkeys(verdict.cell.theorem for verdict in found))}
    return Template(HERE.joinpath("page.html").read_text(encoding="utf-8")).substitute(
        heading=heading(found),
        meaning=escape(MEANING),
        nearest="\n".join(nearest(found, theorems)),
        overview="\n".join(overview(place, members) for place, members in enumerate(groups.values())),
        problems="\n".join(section(place, members, theorems) for place, members in enumerate(groups.values())),
        script=script,
        script_hash=digest(script),
        seed=seed,
        skipped="\n".join(left_out(skipped)),
        style=style,
        style_hash=digest(style),
        summary=summary(found, skipped),
        theorems="\n".join(theorem(key, place) for key, place in theorems.items()),
        title=heading(found),
        verdict=worst_of(verdict.verdict for verdict in found),
        version=escape(__version__),
    )


def digest(text: str) -> str:
    """What the page's policy names a script or a style by: nothing else may run."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def heading(found: Sequence[Verdict]) -> str:
    """The verdict in one line."""
    if all(verdict.holds for verdict in found):
        return f"All {count(len(found))} cells hold" if len(found) > 1 else "The cell holds"
    return f"{len(found)} cell{'s' * (len(found) != 1)}: {verdict_counts(found)}"


def summary(found: Sequence[Verdict], skipped: Sequence[object]) -> str:
    """The smallest slack with a link to its cell, and what was left out."""
    text = "No bound was measured."
    if (tight := tightest(found)) is not None:
        place = next(number for number, verdict in enumerate(found) if verdict is tight)
        link = f'<a href="#cell-{place}">{escape(cell_in_words(tight))}</a>'
        text = f"Smallest slack {slack_of(tight)}: {link}, {escape(tight.where)}."
    return text + (f' <a href="#skipped">{count(len(skipped))} skipped</a>.' if skipped else "")


def overview(place: int, members: Sequence[tuple[int, Verdict]]) -> str:
    """A problem's line of the first table."""
    verdicts = [verdict for _, verdict in members]
    numbers = [
        sum(verdict.verdict == word for verdict in verdicts)
        for word in (Status.HOLDS, Status.UNDECIDED, Status.VIOLATED)
    ]
    worst = worst_of(verdict.verdict for verdict in verdicts)
    tight = tightest(verdicts)
    link = ""
    if tight is not None:
        number = next(number for number, verdict in members if verdict is tight)
        words = f"{tight.cell.theorem} {tight.cell.sampling} {lam_of(tight.cell.request.lam)}"
        link = f'<a href="#cell-{number}">{escape(words)}</a>'
    cells = "".join(f'<td class="n">{value}' for value in (len(verdicts), *numbers))
    slack = "–" if tight is None else slack_of(tight)
    run = min((run for verdict in verdicts if (run := over_run(verdict)) is not None), default=None)
    return (
        f'<tr class="{worst}"><th scope="row"><b></b><a href="#problem-{place}">{title(verdicts[0].cell)}</a>{cells}'
        f'<td class="n">{slack}<td class="n">{ratio(run)}<td>{link}'
    )


def nearest(found: Sequence[Verdict], theorems: Mapping[str, int]) -> Iterator[str]:
    """Each theorem with its smallest slack and that of its runs, with links to the cells, and a command."""
    number = {id(verdict): number for number, verdict in enumerate(found)}

    def link(verdict: Verdict | None, more: str = "") -> str:
        if verdict is None:
            return ""
        cell = verdict.cell
        words = f"{cell.problem}, {cell.sampling}, {lam_of(cell.request.lam)}{more}"
        return f'<a href="#cell-{number[id(verdict)]}">{escape(words)}</a>'

    for each in closest(found):
        tight = link(each.tight, f", {each.tight.where}") if each.tight else ""
        command = f"<br><code>{escape(each.tight.cell.command)}</code>" if each.tight else ""
        yield (
            f'<tr><th scope="row"><a href="#t{theorems[each.theorem]}">{escape(each.theorem)}</a>'
            f'<td>{verdict_counts(each.cells)}<td class="n">{ratio(each.slack)}<td>{tight}{command}'
            f'<td class="n">{ratio(each.over_run)}<td>{link(each.run)}'
        )


def theorem(key: str, place: int) -> str:
    """What a theorem says, assumes and bounds, and where it is from."""
    told = load_theorem(key)
    assumed = ", ".join(f"{word} ({ASSUMPTIONS[word]})" for word in told.assumptions)
    used = dict.fromkeys(LETTER.get(name, name) for word in told.assumptions for name in assumptions()[word].constants)
    source = f"{told.source} [{told.status}]. Assumes {assumed}; the constants are {', '.join(used)}."
    return (
        f'<tr id="t{place}"><th scope="row">{escape(key)}<td>{escape(told.title)}: {escape(told.statement)}'
        f'<br><span class="small">{escape(f"{source} The curves show {MEASURES[told.measure]}.")}</span>'
    )


def left_out(skipped: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """What was skipped, by reason."""
    if not skipped:
        return
    yield '<h2 id="skipped">Skipped</h2><details><summary>the reasons</summary><div class="scroll"><table><tbody>'
    for number, what in reasons(skipped):
        yield line((number, what))
    yield "</tbody></table></div></details>"
