"""The table of `samtheory compare` and the answer of `rates --best`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .. import __version__
from ..compare import GOALS, Comparison, Row
from ..theorems.base import Theorem
from .tables import aligned, digits, lam_of, wrapped

HEADER = ("", "of", "ρ", "γ", "1 − rate", "limit N", "guaranteed", "measured", "ratio", "assumes")


def table(found: Comparison, width: int) -> Iterator[str]:
    """What is compared, a row for each theorem by guaranteed iterations, and the theorems left out."""
    words = [found.problem, *(f"{key}={value}" for key, value in found.params.items())]
    yield from wrapped(" ".join(words), width)
    yield from wrapped(f"{found.sampling}, {lam_of(found.lam)}, ρ = {digits(found.rho)} unless fixed", width)
    goal = "f − f*" if found.goal == "f - f*" else "‖∇f‖"
    reached = f"iterations until {goal} ≤ {digits(found.epsilon)}"
    yield from wrapped(f"{reached}, of the last iterate, the mean, or the smallest", width)
    yield ""
    yield from aligned([HEADER, *map(_cells, found.rows)], width)
    if any(row.choice.theorem.status == "as remembered" for row in found.rows):
        yield from ["", "? as remembered: the statement was not read at its source"]
    if found.skipped:
        yield from ["", "without a statement here"]
        yield from aligned(found.skipped, width, indent=2)


def _cells(row: Row) -> Sequence[str]:
    theorem, plan = row.choice.theorem, row.choice.plan
    rate = None if plan.contraction is None else 1 - plan.contraction
    name = theorem.key + (" ?" if theorem.status == "as remembered" else "")
    guaranteed = row.choice.iterations
    measured = f"{row.measured:,}" if row.measured is not None else f"> {row.steps:,}" if row.steps else "–"
    return (
        name, GOALS[theorem.measure], digits(plan.rho), digits(plan.gamma), digits(rate), digits(plan.neighbourhood),
        "never" if guaranteed is None else f"{guaranteed:,}", measured, digits(row.ratio),
        ", ".join(word for word in theorem.assumptions if word != "smooth"),
    )  # fmt: skip


def best(found: tuple[Theorem, float, float, int] | None, epsilon: float, width: int) -> Iterator[str]:
    """The theorem with the fewest guaranteed iterations, or that there is none."""
    if found is None:
        yield f"no theorem guarantees {digits(epsilon)} here"
        return
    theorem, rho, gamma, iterations = found
    yield from wrapped(f"{theorem.key}: {theorem.title}", width)
    rows = [("ρ", digits(rho)), ("γ", digits(gamma)), ("iterations T", f"{iterations:,}")]
    yield from aligned([("assumes", ", ".join(theorem.assumptions)), *rows], width, indent=2)


def best_json(found: tuple[Theorem, float, float, int] | None, epsilon: float, rho_min: float) -> dict[str, Any]:
    """The JSON document `samtheory.best/1`; None where no theorem gets to epsilon."""
    theorem, rho, gamma, iterations = found or (None, None, None, None)
    return {
        "schema": "samtheory.best/1", "version": __version__, "epsilon": epsilon, "rho_min": rho_min,
        "theorem": None if theorem is None else theorem.key, "rho": rho, "gamma": gamma, "iterations": iterations,
    }  # fmt: skip
