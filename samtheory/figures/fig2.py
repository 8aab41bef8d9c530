"""Constant steps stop at a neighbourhood, decreasing steps go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samtheory.catalogue import load_theorem
from samtheory.sampling.uniform import Uniform
from samtheory.schedules import rule_text

from . import style
from .base import Numbers, described
from .curves import curves, times
from .instances import REG, N, ridge
from .numbers import Table

CONSTANT, DECREASING = "unified-sam/3.2", "unified-sam/3.5"
SEED, EPOCHS, TRIALS = 0, 10_000, 20
QUICK_EPOCHS, QUICK_TRIALS = 300, 8
LAMS = (0.0, 0.5, 1.0)
#: Takes longer than most.
LONG = True


def numbers(quick: bool) -> Numbers:
    """Both theorems for each lam, all runs of a trial on the same draws."""
    problem, sampling = ridge(SEED), Uniform()
    constants = problem.constants(sampling)
    epochs, trials = (QUICK_EPOCHS, QUICK_TRIALS) if quick else (EPOCHS, TRIALS)
    plans = {
        f"{kind}, λ={rule_text(lam)}": load_theorem(key).plan(constants, lam)
        for kind, key in (("constant", CONSTANT), ("decreasing", DECREASING))
        for lam in LAMS
    }
    steps = {label: {"rho": plan.rho, "gamma": plan.gamma} for label, plan in plans.items()}
    how = {
        "problem": f"ridge n={N} d={N} condition=10 reg={REG} seed={SEED}", "constants": described(constants),
        "theorems": [CONSTANT, DECREASING], "sampling": sampling.spec, "steps": steps, "seed": SEED,
        "epochs": epochs, "trials": trials, "delta0": problem.delta0,
    }  # fmt: skip
    caption = (
        f"Ridge regression (n = d = {N}, reg = 3/n, κ(f) = 10, seed {SEED}), one uniformly drawn f_i a step, "
        f"{epochs:,} epochs, the theorems' own steps ({CONSTANT}, {DECREASING}; L = {constants.L:.3g}, L_max = "
        f"{constants.L_max:.3g}, μ = {constants.mu:.3g}, A = {constants.A:.3g}, C = {constants.C:.3g}). Solid: mean "
        f"of (f(x_t) − f*)/(f(x_0) − f*) over {trials} trials; band: from the 10 % to the 90 % quantile of the "
        f"trials; dashed: the theorem's bound on the mean."
    )
    record = times(EPOCHS * N, epochs * N)
    tables = curves(problem, sampling, plans, record, trials, SEED)
    below = [lam for lam in map(rule_text, LAMS) if ends_below(tables, lam)]
    claim = f"At the end decreasing steps are below constant ones for λ = {', '.join(below)}." if below else ""
    return Numbers("Do decreasing steps end below constant ones?", f"{caption} {claim}".strip(), how, tables)


def ends_below(tables: Mapping[str, Table], lam: str) -> bool:
    """Whether the last mean of decreasing steps is below that of constant ones by more than both bands."""
    decreasing, constant = tables[f"decreasing, λ={lam}"], tables[f"constant, λ={lam}"]
    return bool(decreasing["high"][-1] < constant["low"][-1])


def draw(found: Numbers) -> Any:
    """A panel for each lam."""
    figure, (row,) = style.new(1, len(LAMS), 2.9, sharey=True)
    for axes, lam in zip(row, map(rule_text, LAMS), strict=True):
        for kind, colour, width in (("constant", style.RED, 1.0), ("decreasing", style.BLUE, 2.2)):
            style.curve(axes, found.tables[f"{kind}, λ={lam}"], colour, f"{kind} steps", linewidth=width)
        axes.set(xscale="log", yscale="log", xlim=(10, None), xlabel="step t", title=f"λ = {lam}")
    row[0].set_ylabel(style.GAP)
    row[0].plot([], [], color=style.GREY, linestyle=style.DASHED, label="promised")
    figure.legend(*row[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
