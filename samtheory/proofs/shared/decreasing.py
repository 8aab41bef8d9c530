"""gamma_t = (2t+1)/((t+1)^2 mu) from t0 on: 1 - gamma_t mu = t^2/(t+1)^2, and t^2 E delta_t is added up."""

from __future__ import annotations

import sympy as sp

from samtheory.theorems.symbols import mu

from ..kernel.facts import ONE, SELF, Fact, assume, define, induction, step
from ..kernel.lemmas import along
from ..kernel.symbols import gamma_hat, gap_at, t, t0
from ..kernel.vectors import number
from .telescope import begun

falls_to = (2 * t + 1) / ((t + 1) ** 2 * mu)
falls = define("f_t", falls_to)
settled = assume("steps", "f_t ≤ γ̂ for t ≥ t₀", falls, "<=", gamma_hat)
decreases = step(
    "t₀ is a switch", falls_to.subs(t, t + 1), "<=", falls,
    {ONE: (2 * t**2 + 4 * t + 1) / ((t + 1) ** 2 * (t + 2) ** 2 * mu)},
)  # fmt: skip
bar = number("δ̄", nonnegative=True)
reached = assume("start", "E δ_{t₀} ≤ δ̄, the bound up to t₀", gap_at(t0), "<=", bar)


def after(late: Fact, tail: Fact, K: sp.Expr, start: Fact = reached) -> Fact:
    """(t0/t)^2 bar + (t - t0) K/t^2, from E delta+ <= (1 - f_t mu) delta + noise_t and (t+1)^2 noise_t <= K.

    `start` is E delta_{t0} <= bar.
    """
    bar = start.rhs
    summed = induction(
        "added up from t₀ on", t, t**2 * gap_at(t), "<=", t0**2 * bar + (t - t0) * K,
        {SELF: 1, along(late): (t + 1) ** 2, tail: 1}, first=t0, base={start: t0**2},
    )  # fmt: skip
    return step(
        "from t₀ on", gap_at(t), "<=", (t0 / t) ** 2 * bar + (t - t0) * K / t**2, {summed: 1 / t**2}, begun
    )  # fmt: skip
