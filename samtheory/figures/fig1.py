"""Full batch: USAM reaches the solution, and lam > 0 a neighbourhood that grows with lam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory.catalogue import load_theorem
from samtheory.sampling.full import Full
from samtheory.schedules import rule_text

from . import style
from .base import Numbers, described
from .curves import curves, times
from .instances import interpolated
from .numbers import FORMULA, RUN, Table

THEOREM, SEED, STEPS, EARLY = "unified-sam/3.2", 0, 8_000, 500
LAMS = [k / 10 for k in range(11)]
SHOWN = ("0", "0.1", "0.2", "0.3", "0.6", "1")


def numbers(quick: bool) -> Numbers:
    """One run for each lam, all with the steps that Theorem 3.2 allows for every lam."""
    problem, theorem, sampling = interpolated(SEED), load_theorem(THEOREM), Full()
    constants = problem.constants(sampling)
    safe = theorem.plan(constants, 0.0)
    plans = {rule_text(lam): theorem.plan(constants, lam, rho=safe.rho, gamma=safe.gamma) for lam in LAMS}
    how = {
        "problem": "interpolated least squares, n = d = 100, kappa(A) = 10", "constants": described(constants),
        "theorem": THEOREM, "sampling": sampling.spec, "rho": safe.rho, "gamma": safe.gamma, "seed": SEED,
        "steps": STEPS, "trials": 1, "delta0": problem.delta0,
    }  # fmt: skip
    caption = (
        f"Full batch on interpolated least squares (n = d = 100, κ(A) = 10, L = {constants.L:.3g}, μ = "
        f"{constants.mu:.3g}, seed {SEED}), with ρ = {safe.rho:.3g} and γ = {safe.gamma:.3g}, which Theorem 3.2 "
        f"({THEOREM}) allows for every λ. Left: (f(x_t) − f*)/(f(x_0) − f*), one run each, nothing is random. USAM "
        "(λ = 0) reaches the solution up to rounding; λ > 0 ends in a neighbourhood that grows with λ. Right: what "
        "the theorem promises of the same runs."
    )
    tables = curves(problem, sampling, plans, times(STEPS, STEPS, log=False), trials=1, seed=SEED)
    for label in list(tables)[1:]:
        tables[label] = replace(tables[label], tolerance={"bound": FORMULA})
    tables["levels"] = levels(tables)
    return Numbers("Which λ reach the solution with the full batch?", caption, how, tables)


def levels(tables: Mapping[str, Table]) -> Table:
    """A curve at an early time and in the end; between them it is rounding that picks the direction SAM settles in."""
    columns: dict[str, list[Any]] = {f"t={t}": [at(table, t) for table in tables.values()] for t in (EARLY, STEPS)}
    columns["lam"] = list(tables)
    return Table(("lam",), columns, dict.fromkeys((f"t={EARLY}", f"t={STEPS}"), RUN))


def at(table: Table, t: int) -> float:
    """The curve at the recorded time just before t."""
    return float(table["mean"][np.searchsorted(table["t"], t, side="right") - 1])


def draw(found: Numbers) -> Any:
    """Measured on the left, promised on the right, on the same axis."""
    figure, ((left, right),) = style.new(1, 2, 2.9, sharey=True)
    labels = [rule_text(lam) for lam in LAMS]
    colours = dict(zip(labels, style.sequence(len(labels)), strict=True))
    for name, axes in (("mean", left), ("bound", right)):
        for label, table in ((label, found.tables[label]) for label in labels):
            axes.plot(table["t"], table[name], color=colours[label], linestyle="-" if name == "mean" else style.DASHED)
        axes.set(yscale="log", xlabel="step t", ylim=(1e-11, 5), xlim=(0, STEPS))
        ends = [(float(found.tables[label][name][-1]), f"λ = {label}", colours[label]) for label in SHOWN]
        style.at_end(axes, ends if name == "bound" else ends[1:])
    left.annotate("λ = 0", (3500, 1e-10), color=colours["0"], ha="left")
    left.set(title="measured", ylabel=style.GAP)
    right.set_title("promised by Theorem 3.2")
    return figure
