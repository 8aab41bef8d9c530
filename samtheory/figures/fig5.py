"""The neighbourhood against rho and lam: what theorems promise, and the exact level that it ends at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.catalogue import load_problem, theorems
from samtheory.errors import InputError, NotApplicable
from samtheory.io.kept_numbers import Tolerance
from samtheory.problem.problem import Problem
from samtheory.sampling.base import Sampling
from samtheory.sampling.full import Full
from samtheory.sampling.uniform import Uniform

from . import style
from .base import Numbers, described
from .numbers import FORMULA, Table

POINTS, QUICK_EVERY = 33, 4
RHOS, LAMS = np.geomspace(1e-4, 1e-1, POINTS), np.geomspace(1e-2, 1.0, POINTS)
#: The lam of the panels against rho, the rho of those against lam.
LAM, RHO = 0.5, 1e-3
#: Steps so small that they add nothing to the level; and what the full batch uses, times 1/L.
SMALL, FULL = 1e-10, 0.1
EXACT = "exact"
PANELS = ("uniform, rho", "uniform, lam", "full, rho", "full, lam")
LETTER = {"rho": "ρ", "lam": "λ"}
#: Colour and line of what is drawn: the exact level, two theorems, and the theorem with the lowest level.
LOWEST = (style.BLUE, style.DASHED)
STYLES = {EXACT: (style.RED, "-"), "ours/3.2+": (style.GREEN, "-."), "unified-sam/3.2": (style.GREY, ":")}
TITLE = {"uniform": "one f$_i$ a step, γ → 0", "full": "full batch"}


def numbers(quick: bool) -> Numbers:
    """Two samplings, against rho and against lam."""
    problem = load_problem("two-quadratics")
    every = slice(None, None, QUICK_EVERY if quick else None)
    tables = {}
    for sampling, gamma, exact in ((Uniform(), SMALL, mean_limit), (Full(), FULL / float(problem.L), cycle)):
        for word, values in (("rho", RHOS[every]), ("lam", LAMS[every])):
            grid = [(value, LAM) if word == "rho" else (RHO, value) for value in values.tolist()]
            columns = {word: values.tolist(), EXACT: [exact(problem, gamma, *pair) for pair in grid]}
            columns |= dict(promised(problem, sampling, gamma, grid))
            tolerance = {name: FORMULA for name in columns if name != word}
            tables[f"{sampling.spec}, {word}"] = Table((word,), columns, tolerance)
    slopes = [(panel, name, slope(table, name)) for panel, table in tables.items() for name in list(table.columns)[1:]]
    named = dict(zip(("panel", "curve", "slope"), map(list, zip(*slopes, strict=True)), strict=True))
    allowed = {"slope": Tolerance(relative=0.02, absolute=0.02)}
    tables["slopes"] = Table(("panel", "curve"), named, allowed, open=True)
    caption = (
        "Where Unified SAM ends on two parabolas (two-quadratics, h = 4, 1, c = −2, 2): level of f − f* that "
        "theorems promise with constant steps (dashed), and the exact one (solid). Upper two: one f_i a step, γ → 0 (γ "
        f"= {SMALL:g} in the formulas), where E x_t → the root of Σ ∇f_i(x + ρ(1 − λ + λ/‖∇f_i‖)∇f_i) = 0. Lower two: "
        f"full batch, γ = {FULL:g}/L, the cycle of two points. Against ρ at λ = {LAM:g}, against λ at ρ = "
        f"{RHO:g}. Of the theorems, Theorem 3.2, ours/3.2+ and the one with the lowest level are drawn, all are in the "
        "numbers; ∝ tells the slope at the left end. Nothing is random; a curve ends where a theorem allows no such ρ."
    )
    how = {"problem": "two-quadratics", "constants": described(problem.constants(Uniform())), "lam": LAM, "rho": RHO,
           "gamma": {"uniform": SMALL, "full": FULL / float(problem.L)}}  # fmt: skip
    return Numbers("How does the level at the end grow with ρ and λ?", caption, how, tables)


def promised(
    problem: Problem, sampling: Sampling, gamma: float, grid: Sequence[tuple[float, float]]
) -> Iterator[tuple[str, list[float | None]]]:
    """The neighbourhood of every theorem on f - f* that has one, at each (rho, lam)."""
    constants = problem.constants(sampling)
    for theorem in theorems().values():
        levels: list[float | None] = []
        for rho, lam in grid:
            try:
                levels.append(theorem.plan(constants, lam, rho, gamma, delta0=problem.delta0).neighbourhood)
            except (NotApplicable, InputError):
                levels.append(None)
        if theorem.measure == "gap" and sum(bool(level) for level in levels) > 1:
            yield theorem.key, levels


def mean_limit(problem: Problem, gamma: float, rho: float, lam: float) -> float:
    """f - f* where sum_i f_i'(x + rho ((1 - lam) f_i'(x) + lam sign f_i'(x))) = 0, for c_1 < x < c_2."""
    h, c = parabolas(problem)
    p = h * (1 + rho * (1 - lam) * h)
    x = (p @ c - rho * lam * (h[0] - h[1])) / p.sum()
    return float(problem.suboptimality(np.array([[x]]))[0])


def parabolas(problem: Problem) -> tuple[Array, Array]:
    """(h, c) with f_i' = h_i (x - c_i)."""
    at0, at1 = (problem.objective.gradients(np.full((1, 1), x))[0, :, 0] for x in (0.0, 1.0))
    return at1 - at0, -at0 / (at1 - at0)


def cycle(problem: Problem, gamma: float, rho: float, lam: float) -> float:
    """f - f* on the two points x* +- r of the full batch: r = gamma L rho lam/(2 - gamma L (1 + rho (1 - lam) L))."""
    L = float(problem.L)
    r = gamma * L * rho * lam / (2 - gamma * L * (1 + rho * (1 - lam) * L))
    return 0.5 * L * r**2


def slope(table: Table, name: str) -> float | None:
    """d log y/d log x at the left end."""
    x, y = table[table.key[0]], table[name]
    there = np.flatnonzero(y > 0)[:2]
    if len(there) < 2:
        return None
    return float(np.diff(np.log(y[there]))[0] / np.diff(np.log(x[there]))[0])


def draw(found: Numbers) -> Any:
    """A panel for each sampling against rho and against lam, at most four lines each, named at their ends."""
    figure, axes = style.new(4, 1, 6.6)
    slopes = {key: row["slope"] for key, row in found.tables["slopes"].rows().items()}
    for panel, each in zip(PANELS, axes.flat, strict=True):
        table, (sampling, word), ends = found.tables[panel], panel.split(", "), []
        for name in lines(table):
            y, (colour, line) = table[name], STYLES.get(name, LOWEST)
            each.plot(table[word], y, color=colour, linestyle=line, linewidth=1.8 if name == EXACT else 1.2)
            last = float(y[np.isfinite(y)][-1])
            ends.append((last, short(name) + power(LETTER[word], slopes[panel, name]), colour))
        fixed = f"λ = {LAM:g}" if word == "rho" else f"ρ = {RHO:g}"
        each.set(xscale="log", yscale="log", xlabel=LETTER[word], title=f"{TITLE[sampling]}, {fixed}")
        style.at_end(each, ends, gap=0.13, size=7.5)
        each.set_ylabel("f − f* at the end")
    return figure


def lines(table: Table) -> list[str]:
    """What is drawn: the exact level, the theorem with the lowest bound, ours/3.2+ and Theorem 3.2, without repeats."""
    theorems = sorted(set(table.columns) - set(table.key) - {EXACT}, key=lambda name: float(np.nanmin(table[name])))
    return list(dict.fromkeys([EXACT, theorems[0], *(name for name in STYLES if name in theorems)]))


def power(letter: str, exponent: float | None) -> str:
    """What a curve is proportional to, where that is a first or second power."""
    for mark, whole in (("", 1), ("²", 2)):
        if exponent is not None and abs(exponent - whole) < 0.03:
            return f" ∝ {letter}{mark}"
    return ""


def short(name: str) -> str:
    """A theorem without its paper."""
    return name.removeprefix("unified-sam/").removeprefix("ours/")
