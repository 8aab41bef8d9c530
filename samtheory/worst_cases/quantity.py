"""What of a theorem is bracketed: its bound after some steps, its limit, or its one-step inequality."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from samtheory.errors import NotApplicable
from samtheory.falsification.instances.arithmetic import decimal
from samtheory.theorems.base import LYAPUNOV, MEASURES
from samtheory.theorems.plan import Plan

from .cell import Cell, Words

#: The limit of a bound that has no formula: it moves by less than this, relatively, from t to 2t; the largest t.
STILL, LATEST = 1e-9, 2**18
EXCESS = "excess of one step over its bound, by max {1, ‖∇f‖²}"
#: The Lyapunov function V and the quantity W of a one-step inequality, by the theorem's `lyapunov`.
W = {"gap": "grad2", "distance2": "gap"}


@dataclass(frozen=True)
class Quantity:
    """A goal with what is given, and the theorem's number for it.

    Attributes
    ----------
    name : in words
    kind : "left" for V_t from V_0 = 1, "bound" for another measure, "slope", "level" or "excess"
    goal, given : see `Cell.asked`
    number : the theorem's, in units of 1 (level: L rho^2 or rho^2); an excess is at most 0
    """

    name: str
    kind: str
    goal: Words
    given: Mapping[str, Words]
    number: float


def quantity(plan: Plan, cell: Cell) -> Quantity:
    """The bound after the cell's steps from V_0 = 1 where lam = 0, else the level, else the excess of one step.

    A mean or a minimum over one step says nothing; the slope of its one-step inequality takes its place.

    Raises
    ------
    NotApplicable
        If the theorem has none of them.
    """
    theorem = plan.theorem
    if not cell.normalised:
        trivial = cell.steps == 1 and "_" in theorem.measure
        if cell.steps > 1 and "distance2" in (theorem.measure, theorem.lyapunov) and cell.kind == "convex-pl":
            raise NotApplicable(
                f"{theorem.key}: not supported: the nearest of several minimisers changes from step to step"
            )
        return (slope(plan) if trivial else None) or after_steps(plan, cell.steps)
    if theorem.measure in ("gap", "distance2") and plan.schedule.constant:
        return level(plan, cell)
    return excesses(plan, cell)[0]


def after_steps(plan: Plan, steps: int) -> Quantity:
    """The theorem's measure after some steps."""
    theorem = plan.theorem
    if steps < plan.start or plan.horizon not in (None, steps):
        raise NotApplicable(
            f"{theorem.key}: steps={steps}: the bound is a statement at t = {plan.horizon or plan.start}"
        )
    number = float(plan.bound(steps, 1.0))
    start = {"start": {"1": 1, f"{theorem.lyapunov} 0": -1}}
    words = f"{MEASURES[theorem.measure]} at t = {steps}, from 1"
    kind, _, of = theorem.measure.partition("_")
    if not of:
        what = "left" if kind == theorem.lyapunov else "bound"
        return Quantity(words, what, {f"{kind} {steps}": 1}, start, number)
    if kind == "avg":
        return Quantity(words, "bound", {f"{of} {t}": Fraction(1, steps) for t in range(steps)}, start, number)
    each: dict[str, Words] = {f"at {t}": {f"{of} {t}": 1, "worst": -1} for t in range(steps)}
    return Quantity(words, "bound", {"worst": 1}, {**start, **each}, number)


def slope(plan: Plan) -> Quantity | None:
    """The q of V+ <= p V + q W; None where the inequality has several members, or a constant."""
    theorem = plan.theorem
    if not theorem.inequality:
        return None
    growth, q, r, h = plan.inequality(1.0, 0, 1)
    if growth.size > 1 or r.any() or h.any():
        return None
    V, on_W = theorem.lyapunov, W[theorem.lyapunov]
    p = 1 + decimal(float(growth[0, 0, 0]))
    given: dict[str, Words] = {"start": {"1": 1, f"{on_W} 0": -1}, "at least": {"1": -1, f"{on_W} 0": 1}}
    name = f"V+ − p V where W = 1, V = {LYAPUNOV[V][0]}, W = {LYAPUNOV[V][1]}"
    return Quantity(name, "slope", {f"{V} 1": 1, f"{V} 0": -p}, given, float(q[0, 0, 0]))


def level(plan: Plan, cell: Cell) -> Quantity:
    """The largest V from which a step reaches V again: no bound by one step at a time has a lower limit."""
    V = plan.theorem.lyapunov
    unit = "L ρ²" if V == "gap" else "ρ²"
    square = float(cell.rho) ** 2
    if square < np.finfo(float).tiny:
        raise NotApplicable(f"rho={float(cell.rho):g}: its square underflows, and the level is in units of it")
    number = limit(plan) / square
    name = f"limit of {MEASURES[plan.theorem.measure]}, in {unit}"
    return Quantity(name, "level", {f"{V} 1": 1}, {"rise": {f"{V} 1": 1, f"{V} 0": -1}}, number)


def limit(plan: Plan) -> float:
    """The limit of the bound.

    Raises
    ------
    NotApplicable
        If the bound has not settled.
    """
    if plan.neighbourhood is not None:
        return plan.neighbourhood
    t, before = 16, math.inf
    while t <= LATEST:
        now = float(plan.bound(t, 1.0))
        if now == before or abs(now - before) <= STILL * now:
            return now
        t, before = 2 * t, now
    raise NotApplicable(f"{plan.theorem.key}: the bound has no limit within {LATEST} steps")


def excesses(plan: Plan, cell: Cell) -> list[Quantity]:
    """V+ minus the right side of the one-step inequality at t = 0, for each of its members: at most 0.

    Raises
    ------
    NotApplicable
        If the statement has no inequality of one step.
    """
    V, unit = plan.theorem.lyapunov, cell.rho if cell.normalised else Fraction(1)
    growth, q, r, h = plan.inequality(1.0, 0, 1)
    found = []
    for member in range(growth.shape[1]):
        given: dict[str, Words] = {} if cell.normalised else {"start": {"1": 1, f"{V} 0": -1}}
        for case in range(growth.shape[0]):
            p, on_W, constant, root = (decimal(float(part[case, member, 0])) for part in (growth, q, r, h))
            given[f"case {case}"] = {
                f"{V} 1": 1, f"{V} 0": -1 - p, f"{W[V]} 0": -on_W, "1": -constant / unit**2, "worst": -1,
                **({"r": -root / unit} if root else {}),
            }  # fmt: skip
        found.append(Quantity(EXCESS, "excess", {"worst": 1}, given, 0.0))
    return found
