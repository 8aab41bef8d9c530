"""One self-contained HTML page of a verification: no network, readable without JavaScript, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from .. import __version__
from ..catalogue import load_theorem
from ..cell import Cell
from ..constants import ASSUMPTIONS, Constants
from ..rates import INTRODUCED
from ..sampling import parse_sampling
from ..schedules import is_constant
from ..theorems.base import MEASURES
from ..verification import Verdict, plan_for, problem_of
from . import svg
from .tables import LETTER, count, digits, lam_of, reasons, slack_of, tightest, verdict_counts

HERE = Path(__file__).parent
#: Worst first.
ORDER = ("violated", "undecided", "holds")
COLUMNS = ("verdict", "theorem", "sampling", "λ", "slack", "curve")
#: The constants by the assumption that brings them in.
NEEDED = {**INTRODUCED, "ES": ("Lcal", "R", "sigma2")}
EVIDENCE = ("evidence", "of", "verdict", "basis", "slack", "cases", "where")


def page(found: Sequence[Verdict], skipped: Sequence[Mapping[str, str]], seed: int) -> str:
    """The whole document."""
    style, script = (HERE.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    groups: dict[tuple[object, ...], list[tuple[int, Verdict]]] = {}
    for number, verdict in enumerate(found):
        cell = verdict.cell
        groups.setdefault((cell.problem, cell.params, cell.data), []).append((number, verdict))
    worst = min((verdict.verdict for verdict in found), key=ORDER.index)
    return Template(HERE.joinpath("page.html").read_text(encoding="utf-8")).substitute(
        heading=heading(found),
        overview="\n".join(overview(place, members) for place, members in enumerate(groups.values())),
        problems="\n".join(section(place, members) for place, members in enumerate(groups.values())),
        script=script,
        script_hash=digest(script),
        seed=seed,
        skipped="\n".join(left_out(skipped)),
        style=style,
        style_hash=digest(style),
        summary=summary(found, skipped),
        theorems="\n".join(map(theorem, dict.fromkeys(verdict.cell.theorem for verdict in found))),
        title=heading(found),
        verdict=worst,
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
        where = f"{tight.cell.problem}, {tight.cell.theorem}, {tight.cell.sampling}, {lam_of(tight.cell.lam)}"
        place = next(number for number, verdict in enumerate(found) if verdict is tight)
        text = f'Smallest slack {slack_of(tight)}: <a href="#cell-{place}">{escape(where)}</a>, {escape(tight.where)}.'
    return text + (f' <a href="#skipped">{count(len(skipped))} skipped</a>.' if skipped else "")


def title(cell: Cell) -> str:
    """The problem with its parameters."""
    more = " ".join([*(f"{key}={value}" for key, value in cell.params), *([cell.data] if cell.data else [])])
    return escape(cell.problem) + (f" <small>{escape(more)}</small>" if more else "")


def overview(place: int, members: Sequence[tuple[int, Verdict]]) -> str:
    """A problem's line of the first table."""
    verdicts = [verdict for _, verdict in members]
    numbers = [sum(verdict.verdict == word for verdict in verdicts) for word in ("holds", "undecided", "violated")]
    worst = min((verdict.verdict for verdict in verdicts), key=ORDER.index)
    tight = tightest(verdicts)
    link = ""
    if tight is not None:
        number = next(number for number, verdict in members if verdict is tight)
        words = f"{tight.cell.theorem} {tight.cell.sampling} {lam_of(tight.cell.lam)}"
        link = f'<a href="#cell-{number}">{escape(words)}</a>'
    cells = "".join(f'<td class="n">{value}' for value in (len(verdicts), *numbers))
    slack = "–" if tight is None else slack_of(tight)
    return (
        f'<tr class="{worst}"><th scope="row"><b></b><a href="#problem-{place}">{title(verdicts[0].cell)}</a>{cells}'
        f'<td class="n">{slack}<td>{link}</tr>'
    )


def section(place: int, members: Sequence[tuple[int, Verdict]]) -> str:
    """A problem with its constants and a table of its cells, the bad ones first."""
    first = members[0][1].cell
    problem = problem_of(first.problem, first.params, first.data)
    specs = dict.fromkeys(verdict.cell.sampling for _, verdict in members)
    known = {spec: problem.constants(parse_sampling(spec)) for spec in specs}
    heads = "".join(f'<th scope="col">{name}' for name in COLUMNS)
    ordered = sorted(members, key=lambda member: ORDER.index(member[1].verdict))
    rows = "\n".join(
        entry(number, verdict, known[verdict.cell.sampling], problem.delta0, place) for number, verdict in ordered
    )
    return f"""<section class="problem" id="problem-{place}" data-name="{escape(first.problem)}">
<h2>{title(first)}</h2>
<details id="constants-{place}"><summary>constants, and how they are known</summary>
<div class="scroll">{provenance(known)}</div></details>
<div class="scroll"><table class="cells"><thead><tr>{heads}</tr></thead>
{rows}
</table></div></section>"""


def provenance(known: Mapping[str, Constants]) -> str:
    """Every constant under every sampling: its value, how it is known, and where it comes from."""
    names = dict.fromkeys(name for group in NEEDED.values() for name in group)
    lines = ["<table><thead><tr><th>constant<th>sampling<th>value<th>known<th>source</tr></thead><tbody>"]
    for name in names:
        same: dict[tuple[str, str, str], list[str]] = {}
        for spec, constants in known.items():
            value = getattr(constants, name)
            if value is not None:
                same.setdefault((digits(value), value.known, value.source), []).append(spec)
        for (value, how, source), specs in same.items():
            under = "every" if len(specs) == len(known) else ", ".join(specs)
            lines.append(line((LETTER.get(name, name), under, value, how, source)))
    return "".join(lines) + "</tbody></table>"


def letter(name: str) -> str:
    """A constant by the letter of the paper."""
    return escape(LETTER.get(name, name))


def entry(number: int, verdict: Verdict, constants: Constants, delta0: float, place: int) -> str:
    """A cell: a row with its curve, and a second one that opens."""
    cell = verdict.cell
    curve = next((piece.curve for piece in reversed(verdict.evidence) if piece.curve), ())
    opened = "" if verdict.holds else " open"
    return (
        f'<tbody class="{verdict.verdict}" id="cell-{number}"><tr><td><b>{verdict.verdict}</b>'
        f'<td><a href="#{anchor(cell.theorem)}">{escape(cell.theorem)}</a><td>{escape(cell.sampling)}'
        f'<td>{escape(lam_of(cell.lam))}<td class="n">{slack_of(verdict)}<td>{svg.small(f"c{number}", curve)}</tr>'
        f'<tr><td colspan="{len(COLUMNS)}"><details{opened}><summary>{escape(verdict.where) or "evidence"}</summary>'
        f"<div>{svg.large(f'c{number}', curve, measure(cell)) if curve else ''}"
        f"<p>{escape(steps(cell, constants, delta0))}"
        f'<p><a href="#constants-{place}">constants</a>: {used(cell, constants)}{evidence(verdict)}'
        f"<p>seed {cell.seed}, <code>{escape(cell.command)}</code></div></details></tr></tbody>"
    )


def anchor(theorem: str) -> str:
    """The place on the page that explains a theorem."""
    return "theorem-" + hashlib.sha256(theorem.encode()).hexdigest()[:8]


def measure(cell: Cell) -> str:
    """What the cell's theorem bounds."""
    return MEASURES[load_theorem(cell.theorem).measure]


def steps(cell: Cell, constants: Constants, delta0: float) -> str:
    """The parameters in force and what they promise."""
    plan = plan_for(load_theorem(cell.theorem), constants, cell, delta0)
    numbers = {
        "ρ": plan.rho, "ρ*": plan.rho_max, "γ": plan.gamma, "γ*": plan.gamma_max,
        "contraction": plan.contraction, "N": plan.neighbourhood, "δ₀": delta0,
    }  # fmt: skip
    text = ", ".join(f"{name} = {digits(value)}" for name, value in numbers.items() if value is not None)
    moving = [LETTER[name] for name in ("rho", "gamma") if not is_constant(getattr(plan.schedule, name))]
    return text + (f" ({' and '.join(moving)} at most: they change with t)" if moving else "")


def used(cell: Cell, constants: Constants) -> str:
    """The constants that the theorem's assumptions bring in, with how they are known."""
    names = (name for word in load_theorem(cell.theorem).assumptions for name in NEEDED.get(word, ()))
    known = {name: getattr(constants, name) for name in dict.fromkeys(names)}
    words = (f"{letter(name)} = {digits(value)} {value.known}" for name, value in known.items() if value is not None)
    return ", ".join(words)


def evidence(verdict: Verdict) -> str:
    """The hypotheses that hold in one line, everything else in a table."""
    well = [piece for piece in verdict.evidence if (piece.kind, piece.verdict) == ("hypothesis", "holds")]
    words = (piece.name if piece.slack is None else f"{piece.name} (slack {slack_of(piece)})" for piece in well)
    text = f"<p>hypotheses that hold: {escape(', '.join(words))}" if well else ""
    rows = (
        (piece.kind, piece.name, piece.verdict, piece.basis, slack_of(piece), str(piece.cases),
         f"{piece.where}; {piece.detail}" if piece.detail else piece.where)
        for piece in verdict.evidence if piece not in well
    )  # fmt: skip
    heads = "".join(f"<th>{word}" for word in EVIDENCE)
    return f"{text}<table><thead><tr>{heads}</tr></thead><tbody>{''.join(map(line, rows))}</tbody></table>"


def line(words: Sequence[str]) -> str:
    """A row of a table."""
    return "<tr>" + "".join(f"<td>{escape(word)}" for word in words) + "</tr>"


def theorem(key: str) -> str:
    """What a theorem says and assumes, and where it is from."""
    told = load_theorem(key)
    assumed = ", ".join(f"{word} ({ASSUMPTIONS[word]})" for word in told.assumptions)
    return (
        f'<tr id="{anchor(key)}"><th scope="row">{escape(key)}<td>{escape(told.title)}: {escape(told.statement)}'
        f'<br><span class="small">{escape(told.source)} [{escape(told.status)}]. Assumes {escape(assumed)}.</span></tr>'
    )


def left_out(skipped: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """What was skipped, by reason."""
    if not skipped:
        return
    yield '<h2 id="skipped">Skipped</h2><details><summary>the reasons</summary><div class="scroll"><table><tbody>'
    for number, what in reasons(skipped):
        yield line((number, what))
    yield "</tbody></table></div></details>"
