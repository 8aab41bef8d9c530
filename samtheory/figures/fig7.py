"""Theorems beside the worst case of their class, over kappa, rho and lam, every worst case certified."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from samtheory.errors import InputError
from samtheory.io.kept_numbers import Tolerance
from samtheory.request import Request
from samtheory.worst_cases.bracket import Row, tightest

from . import style
from .base import Numbers
from .numbers import FORMULA, Table

KAPPAS, RHOS, LAMS = (
    (2.0, 5.0, 10.0, 30.0, 100.0, 300.0, 1000.0),
    (0.01, 0.1, 0.2, 0.3, 0.5, 0.7),
    (0.2, 0.4, 0.6, 0.8, 1.0),
)
#: What is fixed in the panels that vary something else.
KAPPA, RHO, GAMMA, LEVEL_GAMMA = 10.0, 0.1, 1.0, 0.5
COLOURS = {"pl": style.BLUE, "convex-pl": style.GREEN, "strongly-convex": style.RED}
MARKS = {"pl": "o", "convex-pl": "s", "strongly-convex": "^"}
TITLES = {"kappa": "USAM, ρ = 0.1/L", "rho": "USAM, κ = 10", "lam": "level, κ = 10"}
LABELS = {"kappa": ("κ", "κ (1 − δ$_1$/δ$_0$)"), "rho": ("Lρ", "κ (1 − δ$_1$/δ$_0$)"), "lam": ("λ", "δ / (Lρ²)")}
#: A certificate may lie above the solver's value by this; a new theorem changes the theorem's number.
NEAR = Tolerance(relative=3e-3)
LONG = True


def numbers(quick: bool) -> Numbers:
    """Three classes against kappa and rho at lam = 0, two of them against lam."""
    kappas, rhos, lams = (KAPPAS[2:3], RHOS[1:2], []) if quick else (KAPPAS, RHOS, LAMS)
    steps: dict[str, list[tuple[float, Request, float]]] = {
        "kappa": [(kappa, Request(0.0, rho=RHO, gamma=GAMMA), kappa) for kappa in kappas],
        "rho": [(rho, Request(0.0, rho=rho, gamma=GAMMA), KAPPA) for rho in rhos],
        "lam": [(lam, Request(lam, rho=RHO, gamma=LEVEL_GAMMA), KAPPA) for lam in lams],
    }
    tables = {}
    for word, cells in steps.items():
        for kind in COLOURS if cells else ():
            rows = [(value, tightest(kind, asked, Fraction(str(kappa)), certify=True)) for value, asked, kappa in cells]
            tables[f"{kind}, {word}"] = table(word, rows)
    how = {"kappa": KAPPA, "rho": RHO, "gamma": {"lam = 0": GAMMA, "level": LEVEL_GAMMA}, "steps": 1, "batch": "full"}
    caption = (
        "Full batch, one step, in units of L = 1; three classes of functions. Solid: the worst case of the class, at "
        "most, proved in fractions (`samtheory tightness --certify`). Dashed: the best theorem of the catalogue. "
        "Dotted: a function of the class. Left and middle: progress of USAM (λ = 0) in f − f*, times κ, with "
        f"γ = {GAMMA:g}/L; a theorem and a worst case are below the truth, a function is above. Right: the level of "
        f"f − f* at which steps with λ > 0 end, in Lρ², with γ = {LEVEL_GAMMA:g}/L and ρ = {RHO:g}/L; there a function "
        "is below. Nothing is random."
    )
    return Numbers("How much better could a theorem be?", caption, how, tables)


def table(word: str, rows: list[tuple[float, Row]]) -> Table:
    """The numbers of one class.

    Raises
    ------
    InputError
        If a worst case has no certificate.
    """
    for value, row in rows:
        if row.certificate is None:
            raise InputError(f"{word}={value:g}: no certificate for the worst case of {row.cell.kind}")

    def shown(row: Row, number: float | Fraction | None) -> float | None:
        if number is None:
            return None
        return float(number) if row.cell.normalised else float(row.cell.kappa) * (1 - float(number))

    columns: Mapping[str, list[Any]] = {
        word: [value for value, _ in rows],
        "theorem": [row.theorem for _, row in rows],
        "promised": [shown(row, row.quantity.number) for _, row in rows],
        "worst case": [shown(row, row.upper) for _, row in rows],
        "function": [shown(row, row.lower) for _, row in rows],
    }
    return Table((word,), columns, {"promised": FORMULA, "worst case": NEAR, "function": FORMULA})


def draw(found: Numbers) -> Any:
    """A panel for each of kappa, rho and lam."""
    panels = [word for word in LABELS if f"pl, {word}" in found.tables]
    figure, (row,) = style.new(1, len(panels), 2.9)
    for axes, word in zip(row, panels, strict=True):
        for place, (kind, colour) in enumerate(COLOURS.items()):
            table = found.tables[f"{kind}, {word}"]
            axes.plot(table[word], table["worst case"], color=colour, marker=MARKS[kind], markersize=3.5)
            # Lines of several classes on each other take turns.
            axes.plot(table[word], table["promised"], color=colour, linestyle=(5 * place, (4, 11)))
            axes.plot(table[word], table["function"], color=colour, linestyle=(2.5 * place, (1, 6.5)))
        axes.set(xlabel=LABELS[word][0], ylabel=LABELS[word][1], title=TITLES[word])
        axes.set(xscale="log" if word == "kappa" else "linear", yscale="log" if word == "lam" else "linear")
    for kind, colour in COLOURS.items():
        row[0].plot([], [], color=colour, marker=MARKS[kind], markersize=3.5, label=kind)
    for name, line in (("worst case", "-"), ("theorem", style.DASHED), ("function", ":")):
        row[0].plot([], [], color=style.GREY, linestyle=line, label=name)
    figure.legend(*row[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
