"""Uniform against importance sampling where the L_i are uneven, and what happens without the weights 1/(n p_i)."""

from __future__ import annotations

from typing import Any

from samtheory.catalogue import load_theorem
from samtheory.engine.run import run
from samtheory.sampling.importance import Importance
from samtheory.sampling.uniform import Uniform
from samtheory.sampling.unweighted import Unweighted
from samtheory.schedules import rule_text

from . import style
from .base import Numbers, described
from .curves import curves, table, times
from .instances import REG, N, uneven
from .numbers import Table

THEOREM, SEED, EPOCHS, TRIALS = "unified-sam/3.2", 0, 3_000, 20
QUICK_EPOCHS, QUICK_TRIALS = 300, 8
LAMS = (0.0, 0.5, 1.0)
#: The lam of the panel without weights.
SHOWN = 0.0


def numbers(quick: bool) -> Numbers:
    """Each sampling with its own steps of the theorem; the unweighted one with those of importance sampling."""
    problem, theorem = uneven(SEED), load_theorem(THEOREM)
    epochs, trials = (QUICK_EPOCHS, QUICK_TRIALS) if quick else (EPOCHS, TRIALS)
    record = times(EPOCHS * N, epochs * N)
    tables: dict[str, Table] = {}
    known: dict[str, Any] = {}
    steps: dict[str, Any] = {}
    for sampling in (Uniform(), Importance()):
        constants = problem.constants(sampling)
        plans = {f"{sampling.spec}, λ={rule_text(lam)}": theorem.plan(constants, lam) for lam in LAMS}
        tables |= curves(problem, sampling, plans, record, trials, SEED)
        known[sampling.spec] = described(constants)
        steps |= {label: {"rho": plan.rho, "gamma": plan.gamma} for label, plan in plans.items()}
    schedule = theorem.plan(problem.constants(Importance()), SHOWN).schedule
    wrong = run(problem, Unweighted(Importance()), schedule, steps=int(record[-1]), trials=trials, seed=SEED,
                record=record, keep={"gap"})  # fmt: skip
    tables[f"unweighted, λ={rule_text(SHOWN)}"] = table(record, wrong.gap / problem.delta0)
    how = {
        "problem": f"ridge regression, n = d = {N}, reg = {REG}, A symmetric, eigenvalues 1, 10, the rest in [1, 2]",
        "constants": known, "theorem": THEOREM, "steps": steps, "seed": SEED, "epochs": epochs, "trials": trials,
        "delta0": problem.delta0,
    }  # fmt: skip
    constants = problem.constants(Uniform())
    caption = (
        f"Ridge regression with uneven L_i (n = d = {N}, reg = 3/n, A symmetric with eigenvalues 1, 10 and the rest "
        f"in [1, 2], seed {SEED}; L_max = {constants.L_max:.3g}, mean L_i = {constants.L_avg:.3g}, L = "
        f"{constants.L:.3g}, μ = {constants.mu:.3g}), {epochs:,} epochs of one f_i a step, steps of Theorem 3.2 "
        f"({THEOREM}) for each sampling. Solid: mean over {trials} trials; band: 10 % to 90 % quantile; dashed: the "
        "bound. Importance sampling draws f_i with p_i = L_i/Σ L_j and weights it by 1/(n p_i). Last panel: without "
        "that weight it minimises Σ p_i f_i, another function; no theorem applies."
    )
    return Numbers("Uniform against importance sampling", caption, how, tables)


def draw(found: Numbers) -> Any:
    """A panel for each lam, and one without the weights."""
    figure, axes = style.new(2, 2, 4.4, sharex=True)
    for panel, lam in zip(axes.flat, map(rule_text, LAMS), strict=False):
        for sampling, colour in (("uniform", style.RED), ("importance", style.BLUE)):
            style.curve(panel, found.tables[f"{sampling}, λ={lam}"], colour, sampling)
        panel.set_title(f"λ = {lam}")
    last = axes[1, 1]
    style.curve(last, found.tables[f"importance, λ={rule_text(SHOWN)}"], style.BLUE, "importance")
    style.curve(last, found.tables[f"unweighted, λ={rule_text(SHOWN)}"], style.ORANGE, "without 1/(n p$_i$)")
    last.set_title(f"λ = {rule_text(SHOWN)}, without the weights")
    for panel in axes.flat:
        panel.set(xscale="log", yscale="log", xlim=(10, None))
    for panel in axes[:, 0]:
        panel.set_ylabel(style.GAP)
    for panel in axes[1]:
        panel.set_xlabel("step t")
    axes[0, 0].plot([], [], color=style.GREY, linestyle=style.DASHED, label="promised")
    axes[0, 0].legend(loc="lower left")
    last.legend(loc="lower left")
    return figure
