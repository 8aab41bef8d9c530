"""The family of one-step bounds below the master inequality: Young's inequality with free b1, b2, b3 > 0."""

from __future__ import annotations

import sympy as sp

from samtheory.theorems.forms import family
from samtheory.theorems.symbols import A, B, C, L, mu

from ..kernel.facts import Fact, assume, define, square, step
from ..kernel.lemmas import along, cases
from ..kernel.setting import ER, PL
from ..kernel.symbols import G, b1, b2, b3, delta, delta_new, gap_at, t
from ..kernel.vectors import number
from .bounds import smooth_gap
from .master import kappas, one_step, root_G, root_M

grounds = family.Grounds(A, B, C, mu, L)
growth, slope, rest = (
    define(name, part) for name, part in zip("pqr", family.member(kappas, grounds, (b1, b2, b3)), strict=True)
)
_, k1, k2, k3, k4, _ = kappas
member = step(
    "a member", delta_new, "<=", (1 + growth) * delta + slope * G + rest,
    {
        one_step: 1,
        square(b1 * root_G - root_M): k1 / (2 * b1),
        square(b2 * root_G - 1): k2 / (2 * b2),
        square(b3 * root_M - 1): k4 / (2 * b3),
        ER: k3 + (k1 / b1 + k4 * b3) / 2,
    },
)  # fmt: skip

# E delta <= D_t: a linear function is largest at a corner of 0 <= delta <= D_t, 2 mu delta <= G <= 2 L delta.
D, x = number("D_t", nonnegative=True), number("x")


def recursion(member: Fact, growth: sp.Expr, slope: sp.Expr, rest: sp.Expr) -> Fact:
    """E delta_{t+1} <= (1 - x) D_t + r from E delta+ <= (1 + growth) delta + slope G + r and E delta_t <= D_t."""
    least = {edge: assume("definition", f"x ≤ -2{name}q - p", x, "<=", -2 * edge * slope - growth)
             for edge, name in ((L, "L"), (mu, "μ"))}  # fmt: skip
    rises, falls = assume("case", "q ≥ 0", 0, "<=", slope), assume("case", "q ≤ 0", 0, "<=", -slope)
    claim = delta_new, "<=", (1 - x) * delta + rest
    one = cases(
        "at the corners",
        (step("where q ≥ 0", *claim, {member: 1, smooth_gap: slope, least[L]: delta}, rises), rises),
        (step("where q ≤ 0", *claim, {member: 1, PL: -slope, least[mu]: delta}, falls), falls),
    )
    shrinks = assume("definition", "x ≤ 1", x, "<=", 1)
    bound = assume("start", "E δ_t ≤ D_t", gap_at(t), "<=", D)
    return step("the next bound", gap_at(t + 1), "<=", (1 - x) * D + rest, {along(one): 1, bound: 1 - x}, shrinks)


following = recursion(member, growth, slope, rest)
