"""A cell on the page: a row with its curve, and a second one that opens."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from samtheory.catalogue import load_theorem
from samtheory.constants import Constants
from samtheory.schedules import is_constant
from samtheory.status import Status
from samtheory.verification.cell import Cell
from samtheory.verification.evidence import Evidence
from samtheory.verification.judge import Verdict

from . import svg
from .closest import curve_of
from .tables import LETTER, count, digits, lam_of
from .verdicts import slack_of

COLUMNS = ("verdict", "theorem", "sampling", "λ", "slack")


def entry(number: int, verdict: Verdict, constants: Constants, delta0: float, theorems: Mapping[str, int]) -> str:
    """The cell of this number, with links to the numbered theorems; one that does not hold is open."""
    cell, curve = verdict.cell, curve_of(verdict)
    picture = svg.picture(curve) if curve else ""
    lines = [*([svg.words(curve)] if curve else []), steps(cell, constants, delta0), *map(told, shown(verdict))]
    return (
        f'<tbody class="{verdict.verdict}" id="cell-{number}"><tr><td>{verdict.verdict}'
        f'<td><a href="#t{theorems[cell.theorem]}">{escape(cell.theorem)}</a><td>{escape(cell.sampling)}'
        f"<td>{escape(lam_of(cell.request.lam))}<td>{slack_of(verdict)}"
        f'<tr><td colspan="{len(COLUMNS)}"><details{"" if verdict.holds else " open"}>'
        f"<summary>{picture}{escape(verdict.where.partition(':')[0]) or 'evidence'}</summary>"
        f"<ul>{''.join(f'<li>{escape(text, quote=False)}' for text in lines)}"
        f"<li><code>{escape(cell.command, quote=False)}</code></ul></details>"
    )


def steps(cell: Cell, constants: Constants, delta0: float) -> str:
    """The parameters in force with the largest that are allowed, and what they promise."""
    plan = load_theorem(cell.theorem).plan_for(constants, cell.request, delta0)
    text = f"ρ {digits(plan.rho)} of {digits(plan.rho_max)}, γ {digits(plan.gamma)} of {digits(plan.gamma_max)}"
    promised = {"contraction": plan.contraction, "N": plan.neighbourhood}
    text += "".join(f", {name} {digits(value)}" for name, value in promised.items() if value is not None)
    moving = [LETTER[name] for name in ("rho", "gamma") if not is_constant(getattr(plan.schedule, name))]
    return text + (f" ({' and '.join(moving)} at most: they change with t)" if moving else "")


def shown(verdict: Verdict) -> list[Evidence]:
    """The bounds, then the hypotheses that do not hold; those that do are with the constants.

    What was skipped is left out where the run itself is exact: nothing is missing then.
    """
    ordered = sorted(verdict.evidence, key=lambda piece: piece.kind == "hypothesis")
    exact = any(piece.curve and piece.basis == "exact" for piece in ordered)
    idle = [("hypothesis", Status.HOLDS), *([("paths", Status.SKIPPED)] if exact else [])]
    return [piece for piece in ordered if (piece.kind, piece.verdict) not in idle]


def told(piece: Evidence) -> str:
    """A check in a line; it is exact unless it is called statistical."""
    if piece.verdict == Status.SKIPPED:
        return f"{piece.kind}: {piece.where}"
    name = piece.kind if piece.verdict == Status.HOLDS else f"{piece.verdict}: {piece.kind}, {piece.name}"
    basis, more = "" if piece.basis == "exact" else f"{piece.basis}, ", f"; {piece.detail}" if piece.detail else ""
    return f"{name}: {slack_of(piece)}, {piece.where} ({basis}{count(piece.cases)} cases){more}"
