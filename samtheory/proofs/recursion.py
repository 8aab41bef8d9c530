"""From one step to every step: E delta_{t+1} <= q E delta_t + noise, unrolled."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..theorems.symbols import delta0, epsilon
from .facts import ONE, SELF, Fact, assume, induction, step
from .lemmas import along, decays
from .symbols import gap_at, t

start = assume("start", "δ₀ = f(x_0) - f*", gap_at(0), "=", delta0)


def unrolled(
    one_step: Fact, q: sp.Expr, N: Any, contracts: Fact, shrinks: Fact, *signs: Fact
) -> tuple[Fact, Fact, Fact]:
    """The bound at every t, the neighbourhood and the iterations, from E delta+ <= q delta + (1 - q) N.

    `contracts` is 0 <= q, and `shrinks` 0 < 1 - q; `signs` say what else N may be divided by.
    """
    signs = (contracts, shrinks, *signs)
    every = along(one_step)
    bound = induction(
        "at every t, by induction", t, gap_at(t), "<=", q**t * delta0 + N * (1 - q**t),
        {SELF: q, every: 1}, *signs, base={start: 1},
    )
    limit = step("the neighbourhood", gap_at(t), "<=", q**t * delta0 + N, {bound: 1, ONE: N * q**t}, *signs)
    long = assume("horizon", "t ≥ log(δ₀/ε)/(1 - q)", sp.log(delta0 / epsilon), "<=", (1 - q) * t)
    gone = decays("the start is forgotten", delta0, epsilon, long, contracts)
    return bound, limit, step("the iterations", gap_at(t), "<=", N + epsilon, {limit: 1, gone: 1}, *signs)
