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
LAMS = (0.0, 1.0)
#: The lam of the panels at equal accuracy and without weights.
SHOWN = 0.0
EQUAL, UNWEIGHTED = f"equal accuracy, λ={rule_text(SHOWN)}", f"unweighted, λ={rule_text(SHOWN)}"


def numbers(quick: bool) -> Numbers:
    """Each sampling with its own steps; importance with smaller ones that end as uniform does; without weights."""
    problem, theorem = uneven(SEED), load_theorem(THEOREM)
    epochs, trials = (QUICK_EPOCHS, QUICK_TRIALS) if quick else (EPOCHS, TRIALS)
    record = times(EPOCHS * N, epochs * N)
    uniform, importance = (problem.constants(sampling) for sampling in (Uniform(), Importance()))
    plans = {
        sampling.spec: {f"{sampling.spec}, λ={rule_text(lam)}": theorem.plan(each, lam) for lam in LAMS}
        for sampling, each in ((Uniform(), uniform), (Importance(), importance))
    }
    larger = plans["importance"][f"importance, λ={rule_text(SHOWN)}"].gamma
    gamma = plans["uniform"][f"uniform, λ={rule_text(SHOWN)}"].gamma
    # Small steps end at a level in proportion to gamma E||g(x*)||^2.
    fair = gamma * float(uniform.sigma2) / float(importance.sigma2)
    plans["importance"][EQUAL] = theorem.plan(importance, SHOWN, gamma=fair)
    tables: dict[str, Table] = {}
    for sampling in (Uniform(), Importance()):
        tables |= curves(problem, sampling, plans[sampling.spec], record, trials, SEED)
    schedule = theorem.plan(importance, SHOWN).schedule
    wrong = run(problem, Unweighted(Importance()), schedule, steps=int(record[-1]), trials=trials, seed=SEED,
                record=record, keep={"gap"})  # fmt: skip
    tables[UNWEIGHTED] = table(record, wrong.gap / problem.delta0)
    steps = {label: {"rho": plan.rho, "gamma": plan.gamma} for each in plans.values() for label, plan in each.items()}
    how = {
        "problem": f"ridge regression, n = d = {N}, reg = {REG}, A symmetric, eigenvalues 1, 10, the rest in [1, 2]",
        "constants": {"uniform": described(uniform), "importance": described(importance)}, "theorem": THEOREM,
        "steps": steps, "seed": SEED, "epochs": epochs, "trials": trials, "delta0": problem.delta0,
        "larger": larger / gamma, "fair": fair / gamma,
    }  # fmt: skip
    caption = (
        f"Ridge regression with uneven L_i (n = d = {N}, reg = 3/n, A symmetric with eigenvalues 1, 10 and the rest "
        f"in [1, 2], seed {SEED}; L_max = {uniform.L_max:.3g}, mean L_i = {uniform.L_avg:.3g}, L = "
        f"{uniform.L:.3g}, μ = {uniform.mu:.3g}), {epochs:,} epochs of one f_i a step, Theorem 3.2 "
        f"({THEOREM}). Solid: mean over {trials} trials; band: 10 % to 90 % quantile; dashed: the "
        "bound. Importance sampling draws f_i with p_i = L_i/Σ L_j and weights it by 1/(n p_i). Upper panels, the "
        f"theorem's own steps: its constants for importance sampling allow a γ that is {larger / gamma:.2g} times as "
        "large (λ = 0), so that the error falls faster, and the level at the end, in proportion to γ E‖g(x*)‖², is "
        f"higher. Lower left, equal final accuracy: importance sampling with {fair / gamma:.2g} times the γ of uniform "
        "sampling, for which γ E‖g(x*)‖² is the same. Lower right: without the weights it minimises Σ p_i f_i, another "
        "function; no theorem applies."
    )
    return Numbers("Is importance sampling faster, and at what price?", caption, how, tables)


#: Widths of lines, which tell the samplings apart without colour; the thinner line is drawn over the thicker one.
WIDTHS = {"uniform": 1.0, "importance": 2.2, "unweighted": 1.6}


def draw(found: Numbers) -> Any:
    """A panel for each lam, one at equal accuracy, and one without the weights."""
    figure, axes = style.new(2, 2, 4.6, sharex=True, sharey=True)
    shown = rule_text(SHOWN)
    panels: list[tuple[str, dict[str, str]]] = [
        (f"λ = {lam}, own steps", {"uniform": f"uniform, λ={lam}", "importance": f"importance, λ={lam}"})
        for lam in map(rule_text, LAMS)
    ]
    panels.append((f"λ = {shown}, equal final accuracy", {"uniform": f"uniform, λ={shown}", "importance": EQUAL}))
    panels.append((f"λ = {shown}, without weights", {"importance": f"importance, λ={shown}", "unweighted": UNWEIGHTED}))
    colours = {"uniform": style.RED, "importance": style.BLUE, "unweighted": style.ORANGE}
    for panel, (title, lines) in zip(axes.flat, panels, strict=True):
        for name, label in lines.items():
            width = WIDTHS[name]
            style.curve(panel, found.tables[label], colours[name], name, linewidth=width, zorder=3 - width / 10)
        panel.set(xscale="log", yscale="log", xlim=(10, None), title=title)
    for panel in axes[:, 0]:
        panel.set_ylabel(style.GAP)
    for panel in axes[1]:
        panel.set_xlabel("step t")
    handles = {
        name: axes[0, 0].plot([], [], color=colour, linewidth=WIDTHS[name])[0] for name, colour in colours.items()
    }
    handles["bound"] = axes[0, 0].plot([], [], color=style.GREY, linestyle=style.DASHED)[0]
    figure.legend(handles.values(), handles, loc="outside lower center", ncols=4)
    return figure
