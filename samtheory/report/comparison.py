"""The table of `samtheory compare` and the answer of `rates --best`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from samtheory.calculator.compare import GOALS, ComparisonRow, ComparisonTable
from samtheory.calculator.tuning import Best
from samtheory.theorems.base import Theorem

from .tables import QUOTED, aligned, digits, lam_of, setting, wrapped

HEADER = ("", "of", "ρ", "γ", "1 − rate", "limit N", "guaranteed", "measured", "ratio", "assumes")


#: The meaning of the marks beside a theorem.
MARKS = {
    "?": QUOTED,
    "*": "of another method than Unified SAM, which is also the one measured: γ is the cap on its steps",
}
#: Shorter wording of reasons that many theorems share.
SHORTER = (("not claimed of this problem and sampling:", "needs"), (".0: the", ": the"), (".0 only", " only"))


def table(found: ComparisonTable, width: int) -> Iterator[str]:
    """The setting, a row for each theorem by guaranteed iterations, and the theorems that do not apply."""
    yield from wrapped(setting(found.problem, found.params, found.data), width)
    yield from wrapped(f"{found.sampling}, {lam_of(found.request.lam)}, ρ = {digits(found.rho)} unless fixed", width)
    goal = "f − f*" if found.goal == "f - f*" else "‖∇f‖"
    reached = f"iterations until {goal} ≤ {digits(found.epsilon)}"
    yield from wrapped(f"{reached}, of the last iterate, the mean, or the smallest", width)
    yield ""
    asked = any(row.worst_case_ratio is not None for row in found.rows)
    cells = [(*_cells(row), digits(row.worst_case_ratio)) if asked else _cells(row) for row in found.rows]
    yield from aligned([(*HEADER, "theorem/worst case") if asked else HEADER, *cells], width)
    marks = {mark for row in found.rows for mark in _marks(row.choice.theorem)}
    if marks:
        yield from ["", *(f"{mark} {MARKS[mark]}" for mark in MARKS if mark in marks)]
    if found.skipped:
        yield from ["", "not applicable"]
        yield from aligned(_by_reason(found.skipped), width, indent=2)


def _by_reason(skipped: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(reason, theorems), the most frequent reason first."""
    found: dict[str, list[str]] = {}
    for key, reason in skipped:
        found.setdefault(reduce(lambda text, words: text.replace(*words), SHORTER, reason), []).append(key)
    return [(reason, ", ".join(keys)) for reason, keys in sorted(found.items(), key=lambda each: -len(each[1]))]


def _marks(theorem: Theorem) -> list[str]:
    """The marks of a theorem."""
    found = {"?": theorem.status == "as remembered", "*": theorem.method != Theorem.method}
    return [mark for mark in found if found[mark]]


def _cells(row: ComparisonRow) -> Sequence[str]:
    theorem, plan = row.choice.theorem, row.choice.plan
    rate = None if plan.contraction is None else 1 - plan.contraction
    name = " ".join([theorem.key, *_marks(theorem)])
    guaranteed = row.choice.iterations
    measured = f"{row.measured:,}" if row.measured is not None else f"> {row.steps:,}" if row.steps else "–"
    return (
        name, GOALS[theorem.measure], digits(plan.rho), digits(plan.gamma), digits(rate), digits(plan.neighbourhood),
        "never" if guaranteed is None else f"{guaranteed:,}", measured, digits(row.ratio),
        ", ".join(word for word in theorem.assumptions if word != "smooth"),
    )  # fmt: skip


def best(found: Best, width: int) -> Iterator[str]:
    """The theorem with the fewest guaranteed iterations, or a line that none reaches epsilon."""
    choice = found.choice
    if choice is None:
        yield f"no theorem guarantees ε = {digits(found.epsilon)} on this problem"
        return
    yield from wrapped(f"{choice.theorem.key}: {choice.theorem.title}", width)
    rows = [
        ("ρ", digits(choice.plan.rho)),
        ("γ", digits(choice.plan.gamma)),
        ("iterations T", f"{choice.iterations:,}"),
    ]
    yield from aligned([("assumes", ", ".join(choice.theorem.assumptions)), *rows], width, indent=2)
