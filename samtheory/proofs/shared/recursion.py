"""From one step to every step: E delta_{t+1} <= q E delta_t + noise, unrolled."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

import sympy as sp

from samtheory.theorems.symbols import delta0, epsilon

from ..kernel.checker import Flaw, verify_form
from ..kernel.facts import ONE, SELF, Fact, Step, assume, induction, step
from ..kernel.lemmas import decays
from ..kernel.symbols import gap_at, t
from ..text.printing import text

start = assume("start", "δ₀ = f(x_0) - f*", gap_at(0), "=", delta0)


class Sequence(NamedTuple):
    """Numbers over time, the first of them, and the fact that it is the first."""

    at: Any
    first: sp.Symbol
    start: Fact


GAP = Sequence(gap_at, delta0, start)


def lean(step: Step) -> Step:
    """The step with those signs only that it needs, for a step that is written once for many proofs."""
    for sign in step.signs:
        fewer = replace(step, signs=tuple(each for each in step.signs if each is not sign))
        with suppress(Flaw):
            verify_form(fewer)
            step = fewer
    return step


def unrolled(
    every: Fact, q: sp.Expr, N: Any, contracts: Fact, shrinks: Fact, *signs: Fact, of: Sequence = GAP
) -> tuple[Fact, Fact, Fact]:
    """The bound at every t, the neighbourhood and the iterations, from V_{t+1} <= q V_t + (1 - q) N.

    `contracts` is 0 <= q, and `shrinks` 0 < 1 - q; `signs` say what else N may be divided by.
    """
    signs, (V, V0, start) = (contracts, shrinks, *signs), of
    bound = lean(induction(
        "at every t, by induction", t, V(t), "<=", q**t * V0 + N * (1 - q**t), {SELF: q, every: 1}, *signs,
        base={start: 1},
    ))  # fmt: skip
    limit = lean(step(
        "the neighbourhood", V(t), "<=", q**t * V0 + N, {bound: 1} | ({ONE: N * q**t} if N != 0 else {}), *signs
    ))  # fmt: skip
    long = assume("horizon", f"t ≥ log({text(V0)}/ε)/(1 - q)", sp.log(V0 / epsilon), "<=", (1 - q) * t)
    gone = decays("the start is forgotten", V0, epsilon, long, contracts)
    return bound, limit, lean(step("the iterations", V(t), "<=", N + epsilon, {limit: 1, gone: 1}, *signs))
