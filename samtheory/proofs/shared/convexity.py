"""Convex smooth functions: f(y) >= f(x) + <grad f(x), y - x> + ||grad f(y) - grad f(x)||^2/(2L)."""

from __future__ import annotations

import sympy as sp

from ..kernel.facts import Fact, assume, step
from ..kernel.vectors import Vector, dot, number
from .smoothness import descends, descent


def supports(
    rise: sp.Expr,
    u: Vector,
    d: Vector,
    p: Vector,
    L: sp.Expr,
    *signs: Fact,
    word: str = "convex",
    lemma: Fact = descent,
) -> Fact:
    """f(y) - f(x) = rise for the gradients u at x and u + d at y = x + p: convexity at x, smoothness at y.

    Both are taken towards y - d/L; `word` is the assumption, `lemma` the descent lemma with the constant L.
    """
    across = number("f(y - d/L) - f(x)")
    below = dot(u, p - d / L)
    convex = assume(word, "convexity", below, "<=", across, *below.free_symbols)  # for all points: for all values
    back = descends(across - rise, -d / L, u + d, lemma)
    return step("convex and smooth", dot(u, p) + d.norm2 / (2 * L), "<=", rise, {convex: 1, back: 1}, *signs)


def cocoercive(rise: sp.Expr, u: Vector, d: Vector, p: Vector, L: sp.Expr, *signs: Fact) -> Fact:
    """||d||^2 <= L <d, p>, from both directions."""
    there, back = supports(rise, u, d, p, L, *signs), supports(-rise, u + d, -d, -p, L, *signs)
    return step("cocoercivity", d.norm2, "<=", L * dot(d, p), {there: L, back: L}, *signs)
