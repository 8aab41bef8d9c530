"""A cell on the page: a row with its curve, and a second one that opens."""

from __future__ import annotations

from collections.abc import Mapping

from samtheory.catalogue import load_theorem
from samtheory.constants import Constants
from samtheory.io.html import Html, fill
from samtheory.schedules import is_constant
from samtheory.status import Status
from samtheory.verification.cell import Cell
from samtheory.verification.evidence import Evidence
from samtheory.verification.judge import Verdict

from . import svg
from .tables import LETTER, count, digits, lam_of
from .verdicts import ratio

COLUMNS = ("verdict", "theorem", "sampling", "λ", "bound / measured")


def classes(status: Status) -> str:
    """The CSS classes of a status; every status that fails is drawn alike."""
    return f"{status} failed" if status.failed else str(status)


def entry(number: int, verdict: Verdict, constants: Constants, delta0: float, theorems: Mapping[str, int]) -> Html:
    """The cell of this number; a cell that does not hold is open."""
    cell, curve = verdict.cell, verdict.curve
    lines = [*([svg.words(curve)] if curve else []), steps(cell, constants, delta0)]
    return fill(
        '<tbody class="$classes" id="cell-$number"><tr><td>$verdict<td><a href="#t$theorem">$key</a><td>$sampling'
        '<td>$lam<td>$ratio<tr><td colspan="$columns"><details$open><summary>$picture$evidence</summary>'
        "<ul>$lines<li><code>$command</code></ul></details>\n",
        classes=classes(verdict.verdict), number=number, verdict=verdict.verdict, theorem=theorems[cell.theorem],
        key=cell.theorem, sampling=cell.sampling, lam=lam_of(cell.request.lam), ratio=ratio(verdict.bound_ratio),
        columns=len(COLUMNS), open="" if verdict.holds else " open", picture=svg.picture(curve) if curve else "",
        evidence=verdict.location.partition(":")[0] or "evidence", command=cell.command,
        lines=[fill("<li>$line", line=line) for line in [*lines, *map(evidence_line, shown(verdict))]],
    )  # fmt: skip


def steps(cell: Cell, constants: Constants, delta0: float) -> str:
    """The parameters in force, their limits, and the guarantee."""
    plan = load_theorem(cell.theorem).plan_for(constants, cell.request, delta0)
    text = f"ρ {digits(plan.rho)} of {digits(plan.rho_max)}, γ {digits(plan.gamma)} of {digits(plan.gamma_max)}"
    promised = {"contraction": plan.contraction, "N": plan.neighbourhood}
    text += "".join(f", {name} {digits(value)}" for name, value in promised.items() if value is not None)
    varying = [LETTER[name] for name in ("rho", "gamma") if not is_constant(getattr(plan.schedule, name))]
    return text + (f" (the largest {' and '.join(varying)} of a schedule)" if varying else "")


def shown(verdict: Verdict) -> list[Evidence]:
    """The evidence on the bounds, then the hypotheses that fail; those that hold are listed with the problem.

    Skipped paths are left out where the run itself is exact.
    """
    ordered = sorted(verdict.evidence, key=lambda piece: piece.kind == "hypothesis")
    exact = any(piece.curve and piece.basis == "exact" for piece in ordered)
    idle = [("hypothesis", Status.HOLDS), *([("paths", Status.SKIPPED)] if exact else [])]
    return [piece for piece in ordered if (piece.kind, piece.verdict) not in idle]


def evidence_line(piece: Evidence) -> str:
    """A piece of evidence in one line; the basis is exact unless it is named."""
    if piece.verdict == Status.SKIPPED:
        return f"{piece.kind}: {piece.location}"
    name = piece.kind if piece.verdict == Status.HOLDS else f"{piece.verdict}: {piece.kind}, {piece.name}"
    basis, more = "" if piece.basis == "exact" else f"{piece.basis}, ", f"; {piece.detail}" if piece.detail else ""
    return f"{name}: {ratio(piece.bound_ratio)}, {piece.location} ({basis}{count(piece.cases)} cases){more}"
