"""Exponentials, powers and second moments: what follows from 1 + u <= e^u and from squares."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..kernel.analysis import tangent
from ..kernel.facts import Fact
from ..kernel.rules import SELF, along, induction, instance, square, step
from ..language.terms import grad, grad2_at, grad_at, norm, number, t


def exponential(fact: Fact, *signs: Fact) -> Fact:
    """e^u <= e^v from u <= v."""
    u, v = fact.lhs, fact.rhs
    return step("exponential", sp.exp(u), "<=", sp.exp(v), {tangent(v - u, *signs): sp.exp(u), fact: sp.exp(u)}, *signs)


def compound(q: Any, n: Any, contracts: Fact, *roots: Fact) -> Fact:
    """q^n <= e^((q - 1) n) at a time n, where `contracts` is 0 <= q, and `roots` say that the roots in q exist."""
    powers = induction(
        "powers", t, q**t, "<=", sp.exp((q - 1) * t),
        {SELF: q, tangent(q - 1, *roots): sp.exp((q - 1) * t)}, contracts, *roots,
    )  # fmt: skip
    return powers if n == t else instance("powers", powers, {t: n})


_c = number("c")
_second = along(square(norm(grad) - _c))
#: (E||grad f(x_t)||)^2 <= E||grad f(x_t)||^2: the second moment around the mean is not negative.
jensen = step("Jensen", grad_at(t) ** 2, "<=", grad2_at(t), {instance("around the mean", _second, {_c: grad_at(t)}): 1})
