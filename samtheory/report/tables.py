"""Text tables: aligned columns, as wide as the terminal, numbers in four digits."""

from __future__ import annotations

import math
import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TextIO

from samtheory.assumptions import assumptions, symbols
from samtheory.calculator.expected import Expected
from samtheory.calculator.rates import RateTable, TheoremRate
from samtheory.constants import ASSUMPTIONS
from samtheory.errors import escaped
from samtheory.schedules import is_constant, rule_text
from samtheory.status import Status
from samtheory.theorems.forms.followed import LONGEST

#: How people write the constants, the steps and the start.
LETTER = {
    **{name: symbol.letter for name, symbol in symbols().items()}, "delta0": "δ₀", "rho": "ρ", "gamma": "γ",
}  # fmt: skip

#: The quantity that epsilon bounds, by the theorem's measure.
GOAL = {
    "gap": "E f(x_T) − f*",
    "min_grad2": "min over t < T of E‖∇f(x_t)‖",
    "avg_grad2": "√ of the mean over t < T of E‖∇f(x_t)‖²",
    "avg_gap": "mean over t < T of E f(x_t) − f*",
    "distance2": "E‖x_T − x*‖²",
}

#: What to change where constant steps do not reach epsilon.
NEVER = "never guaranteed: choose a smaller ρ and γ, as --best does"
#: Description of a statement whose status is "as remembered".
QUOTED = "quoted without verification against the source"
#: The width without a terminal: no line is wrapped.
UNLIMITED = 10_000


def width_of(stream: TextIO) -> int:
    """The columns of the terminal behind `stream`, at least 60; the environment variable COLUMNS overrides it."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit():
        return max(60, int(asked))
    try:
        return max(60, os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):
        return UNLIMITED


def coloured(lines: Iterable[str], stream: TextIO) -> Iterator[str]:
    """Lines with control characters escaped; with verdicts coloured on a terminal where NO_COLOR is not set.

    A verdict stands at the begin of a line or in a column of its own.
    """
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        yield from map(escaped, lines)
        return
    for line in map(escaped, lines):
        yield VERDICT.sub(lambda found: f"\x1b[{_colour(Status(found[0]))}m{found[0]}\x1b[0m", line)


def _colour(status: Status) -> int:
    """The code of red for what failed, yellow for what is open, green for what is proved or holds."""
    return 31 if status.failed else 33 if status in (Status.UNDECIDED, Status.LOOSE) else 32


#: A verdict at the begin of a line or in a column; two spaces part the columns.
WORDS = "|".join(status for status in Status if status not in (Status.SKIPPED, Status.NOT_CLAIMED))
VERDICT = re.compile(f"(?:^|(?<=  ))(?:{WORDS})(?=:|$|  )")


def digits(value: float | None) -> str:
    """A number in four digits, a dash for None."""
    if value is None:
        return "–"
    return "∞" if value == math.inf else f"{value:.4g}"


def count(steps: int) -> str:
    """A number of steps, in full up to a million million."""
    return f"{steps:,}" if steps <= 10**12 else f"{Decimal(steps):.4g}"


#: Columns of text that the last column has at least, and the indent of the lines that a row goes on in.
ROOM, CONTINUED = 20, 4


def aligned(rows: Iterable[Sequence[str]], width: int, indent: int = 0) -> Iterator[str]:
    """Rows of equal length as lines with aligned columns.

    The last column is wrapped to the width.  Where the columns before it leave no room for it, a row goes on in lines
    that are indented.
    """
    rows = list(rows)
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    groups = list(
        _fitting([*(size + 2 for size in sizes[:-1]), *(min(size, ROOM) for size in sizes[-1:])], width, indent)
    )
    for row in rows:
        for columns, margin in groups:
            yield from _line([row[k] for k in columns], [sizes[k] for k in columns], width, margin)


def _fitting(sizes: Sequence[int], width: int, indent: int) -> Iterator[tuple[list[int], int]]:
    """The columns of each line of a row with the line's indent."""
    line: list[int] = []
    margin = used = indent
    for k, size in enumerate(sizes):
        if line and used + size > width:
            yield line, margin
            line, margin = [], indent + CONTINUED
            used = margin
        line.append(k)
        used += size
    if line:
        yield line, margin


def _line(cells: Sequence[str], sizes: Sequence[int], width: int, margin: int) -> Iterator[str]:
    """One line of a row; its last cell is wrapped."""
    *before, last = cells
    head = " " * margin + "".join(cell.ljust(size + 2) for cell, size in zip(before, sizes, strict=False))
    room = max(ROOM, width - len(head))
    first, *rest = textwrap.wrap(last, room, break_long_words=False, break_on_hyphens=False) or [""]
    yield (head + first).rstrip()
    yield from (" " * len(head) + line for line in rest)


def wrapped(text: str, width: int, indent: int = 0) -> Iterator[str]:
    """A paragraph, wrapped to the width."""
    return aligned([[text]], width, indent)


def hanging(lines: Iterable[str], width: int) -> Iterator[str]:
    """Lines wrapped to the width, going on deeper than they begin."""
    for line in lines:
        deeper = " " * (len(line) - len(line.lstrip()) + CONTINUED)
        parts = textwrap.wrap(line, width, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False)
        yield from parts or [""]


def setting(problem: str, params: Mapping[str, Any], data: Mapping[str, Any] | None) -> str:
    """A problem with its parameters and its data file with the size of its rows."""
    words = [problem, *(f"{key}={value}" for key, value in params.items())]
    return " ".join(words + ([f"on {data['file']}: n={data['n']} d={data['d']}"] if data else []))


# rates


def rates(answer: RateTable, width: int) -> Iterator[str]:
    """The assumptions with their constants and provenance, then one block for each theorem."""
    yield from wrapped(setting(answer.problem or "bare constants", answer.params, answer.data), width)
    yield from wrapped(", ".join(filter(None, [answer.sampling, lam_of(answer.lam)])), width)
    if answer.region:
        yield from wrapped(f"where {answer.region}", width)
    yield ""
    yield from aligned(_grounds(answer), width)
    for each in answer.rates:
        yield ""
        yield from _block(each, answer.epsilon, width)
    if answer.skipped:
        yield from ["", "not applicable"]
        yield from aligned(answer.skipped, width, indent=2)


def _grounds(answer: RateTable) -> Iterator[Sequence[str]]:
    """Each assumption that is used, then its constants: name, value, provenance, source."""
    used = {word for each in answer.rates for word in each.theorem.assumptions}
    for word in filter(used.__contains__, ASSUMPTIONS):
        yield word, "", "", ASSUMPTIONS[word]
        yield from (_constant(answer, name) for name in assumptions()[word].constants)
    if "delta0" in answer.constants:
        yield "start", "", "", ""
        yield _constant(answer, "delta0")


def _constant(answer: RateTable, name: str) -> Sequence[str]:
    value = answer.constants[name]
    return "  " + LETTER.get(name, name), digits(value), value.provenance, value.source


def _block(rate: TheoremRate, epsilon: float | None, width: int) -> Iterator[str]:
    """One theorem: statement, assumptions, parameters and guarantee."""
    theorem, plan = rate.theorem, rate.plan
    yield from wrapped(f"{theorem.key}: {theorem.title}", width)
    yield from wrapped(f"{theorem.source} [{theorem.status}]", width, indent=2)
    yield from wrapped(theorem.statement, width, indent=2)
    rows = [("assumes", ", ".join(theorem.assumptions))]
    for name, value, largest in (("rho", plan.rho, plan.rho_max), ("gamma", plan.gamma, plan.gamma_max)):
        limit = "no limit" if largest == math.inf else f"{LETTER[name]}* = {digits(largest)}"
        varies = "" if is_constant(getattr(plan.schedule, name)) else "the largest of a schedule; "
        rows.append((LETTER[name], f"{digits(value)}  ({varies}{limit})"))
    if plan.contraction is not None:
        rows.append(("contraction", f"{plan.contraction:.10g}"))
    if plan.neighbourhood is not None:
        rows.append(("neighbourhood N", digits(plan.neighbourhood)))
    if epsilon is not None:
        never = NEVER if plan.schedule.constant else f"none is certain within {LONGEST:,} steps"
        steps = never if rate.iterations is None else count(rate.iterations)
        rows.append(("iterations T", f"{steps}  ({GOAL[theorem.measure]} ≤ {digits(epsilon)})"))
        if rate.reached is not None and rate.reached != rate.iterations:
            rows.append(("first reached", f"{count(rate.reached)}  (the bound may be above it later)"))
    yield from aligned(rows, width, indent=2)


def expected(answer: Expected, width: int) -> Iterator[str]:
    """The stated numbers of a theorem beside its own."""
    theorem = answer.rate.theorem
    yield from wrapped(f"{theorem.key}: {theorem.title}", width)
    rows = [("", "stated", "theorem", "")]
    for row in answer.records():
        name, number = str(row["number"]), row["theorem"]
        own = count(number) if isinstance(number, int) else digits(number)
        stated = f"{row['stated']:.10g} ± {row['tolerance']:.2g}"
        rows.append((LETTER.get(name, name), stated, own, "agrees" if row["agrees"] else "differs"))
    yield from aligned(rows, width, indent=2)


def lam_of(lam: Any) -> str:
    """λ in a report."""
    return f"λ={rule_text(lam)}"


# list


#: Headings other than the key of the section.
HEADINGS = {"remembered": f"statements without constants, {QUOTED}: listed, not computed"}


def listing(found: Mapping[str, Any], width: int) -> Iterator[str]:
    """A section for each kind, a line for each entry: name, summary, source."""
    columns = {
        "problems": ("name", "summary"),
        "theorems": ("key", "title"),
        "remembered": ("key", "statement"),
        "samplings": ("form", "summary"),
        "methods": ("name", "summary"),
    }
    for number, (kind, (word, about)) in enumerate((kind, columns[kind]) for kind in columns if kind in found):
        yield from [""] * (number > 0)
        yield from wrapped(HEADINGS.get(kind, kind), width)
        yield from aligned([(entry[word], _described(entry, about)) for entry in found[kind]], width, indent=2)


def _described(entry: Mapping[str, Any], about: str) -> str:
    """The summary with the source, or with the missing extra; of a method its gradients and class too."""
    source = entry.get("needs") or entry["source"]
    quoted = f"{QUOTED}, " if entry.get("status") == "as remembered" else ""
    counted = ""
    if "gradients" in entry:
        counted = f"; gradients a step: {entry['gradients'] or 'not counted'}; {entry['class'] or 'no class'}"
    return f"{entry[about]}{counted} [{quoted}{source}]" if source else str(entry[about])
