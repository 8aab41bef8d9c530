"""gamma_t = (2t+1)/((t+1)^2 mu) from t0 on: 1 - gamma_t mu = t^2/(t+1)^2, and t^2 E delta_t is added up."""

from __future__ import annotations

from typing import Any

import sympy as sp

from samtheory.theorems.forms.decreasing import settled_at
from samtheory.theorems.symbols import mu

from ..kernel.analysis import tangent
from ..kernel.facts import Fact
from ..kernel.rules import ONE, SELF, along, hypothesis, induction, step
from ..language.terms import define, gap_at, number, t
from .powers import compound

#: Caps of rho_t and gamma_t, and the time at which the second is reached.
rho_hat, gamma_hat = sp.Symbol("ρ̂", nonnegative=True), sp.Symbol("γ̂", positive=True)
t0 = sp.Symbol("t₀", integer=True, nonnegative=True)

falls_to = (2 * t + 1) / ((t + 1) ** 2 * mu)
falls = define("f_t", falls_to)
settled = hypothesis("f_t ≤ γ̂ for t ≥ t₀", "steps", falls, "<=", gamma_hat, times=(t, t0, None))
decreases = step(
    "t₀ is a switch", falls_to.subs(t, t + 1), "<=", falls,
    {ONE: (2 * t**2 + 4 * t + 1) / ((t + 1) ** 2 * (t + 2) ** 2 * mu)},
)  # fmt: skip
bar = number("δ̄", nonnegative=True)
reached = hypothesis("E δ_{t₀} ≤ δ̄, the bound up to t₀", "start", gap_at(t0), "<=", bar)
begun = hypothesis("t ≥ 1", "time", 0, "<", t)


#: What t0 and the bound there are in a plan.
VALUES = {
    t0: lambda plan, start: settled_at(float(plan.constants.mu), plan.gamma),
    bar: lambda plan, start: float(plan.bound(settled_at(float(plan.constants.mu), plan.gamma), start)),
}


def after(late: Fact, tail: Fact, K: sp.Expr, at: Any = gap_at, reached: Fact = reached) -> Fact:
    """(t0/t)^2 bar + (t - t0) K/t^2, from E V+ <= (1 - f_t mu) V + noise_t and (t+1)^2 noise_t <= K.

    `reached` is E V_{t0} <= bar, `at` gives E V_t.
    """
    start = t0**2 * reached.rhs
    summed = induction(
        "added up from t₀ on", t, t**2 * at(t), "<=", start + (t - t0) * K,
        {SELF: 1, along(late): (t + 1) ** 2, tail: 1}, first=t0, base={reached: t0**2},
    )  # fmt: skip
    right = (t0 / t) ** 2 * reached.rhs + (t - t0) * K / t**2
    return step("from t₀ on", at(t), "<=", right, {summed: 1 / t**2}, begun)


def fading(x: sp.Expr, time: sp.Expr, contracts: Fact) -> Fact:
    """(x n/2)^2 (1 - x)^n <= e^-2, by u <= e^(u - 1) and (1 - x)^n <= e^(-x n); `contracts` is 0 <= 1 - x."""
    u = x * time / 2
    peak = step("u ≤ e^(u - 1)", u, "<=", sp.exp(u - 1), {tangent(u - 1): 1})
    squared = step("squared", u**2, "<=", sp.exp(2 * u - 2), {peak: u + sp.exp(u - 1)})
    powers = compound(1 - x, time, contracts)
    by = {powers: u**2, squared: sp.exp(-x * time)}
    return step("it fades", u**2 * (1 - x) ** time, "<=", sp.exp(-2), by)
