"""From one step to every step: E delta_{t+1} <= q E delta_t + noise, unrolled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import sympy as sp

from samtheory.theorems.symbols import delta0, epsilon

from ..kernel.facts import Fact
from ..kernel.rules import ONE, SELF, hypothesis, induction, step
from ..language.terms import Flaw, V_at, gap_at, t
from ..setting import R2, start, start_V
from ..text.printing import text
from .powers import compound


class Sequence(NamedTuple):
    """Numbers over time, the first of them, and the fact that it is the first."""

    at: Any
    first: sp.Symbol
    start: Fact


GAP, DISTANCE = Sequence(gap_at, delta0, start), Sequence(V_at, R2, start_V)


def with_needed_signs(rule: Callable[..., Fact], *arguments: Any, signs: tuple[Fact, ...], **more: Any) -> Fact:
    """The fact of a rule with those signs only that it needs, for a step that is written once for many proofs."""
    fact = rule(*arguments, *signs, **more)
    for sign in signs:
        fewer = tuple(each for each in signs if each is not sign)
        with suppress(Flaw):
            fact, signs = rule(*arguments, *fewer, **more), fewer
    return fact


class Unrolled(NamedTuple):
    """The bound at every t, the neighbourhood, and the iterations."""

    bound: Fact
    limit: Fact
    iterations: Fact


def unrolled(
    every: Fact, q: sp.Expr, N: Any, contracts: Fact, shrinks: Fact, *signs: Fact, of: Sequence = GAP, last: Any = None,
    roots: tuple[Fact, ...] = (),
) -> Unrolled:  # fmt: skip
    """The bounds that follow from V_{t+1} <= q V_t + (1 - q) N.

    `contracts` is 0 <= q, and `shrinks` 0 < 1 - q; `signs` say what else N may be divided by,
    and `roots` that the roots in q exist.
    """
    signs, (V, V0, start) = (contracts, shrinks, *signs, *roots), of
    bound = with_needed_signs(
        induction, "at every t, by induction", t, V(t), "<=", q**t * V0 + N * (1 - q**t), {SELF: q, every: 1},
        signs=signs, base={start: 1}, last=last,
    )  # fmt: skip
    limit = with_needed_signs(
        step, "the neighbourhood", V(t), "<=", q**t * V0 + N, {bound: 1} | ({ONE: N * q**t} if N != 0 else {}),
        signs=signs,
    )  # fmt: skip
    long = hypothesis(f"t ≥ log({text(V0)}/ε)/(1 - q)", "horizon", V0 * sp.exp((q - 1) * t), "<=", epsilon)
    by = {limit: 1, compound(q, t, contracts, *roots): V0, long: 1}
    return Unrolled(bound, limit, with_needed_signs(step, "the iterations", V(t), "<=", N + epsilon, by, signs=signs))
