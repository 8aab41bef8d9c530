"""Convex smooth functions: f(y) >= f(x) + <grad f(x), y - x> + ||grad f(y) - grad f(x)||^2/(2L)."""

from __future__ import annotations

from ..kernel.facts import Fact
from ..kernel.rules import step
from ..language.terms import Vector, dot
from ..setting import Objective, convex, smooth


def supports(f: Objective, x: Vector, y: Vector, *signs: Fact) -> Fact:
    """f(y) is above the tangent at x by ||d||^2/(2L), d = grad f(y) - grad f(x).

    By convexity at x and smoothness at y, both towards z = y - d/L.
    """
    L, u, d = f.smoothness, f.gradient(x), f.gradient(y) - f.gradient(x)
    z, left = y - d / L, dot(u, y - x) + d.norm2 / (2 * L)
    by = {convex(f, x, z): 1, smooth(f, y, z): 1}
    return step("convex and smooth", left, "<=", f.value(y) - f.value(x), by, *signs)


def cocoercive(f: Objective, x: Vector, y: Vector, *signs: Fact) -> Fact:
    """||d||^2 <= L <d, y - x>, from both directions."""
    L, d = f.smoothness, f.gradient(y) - f.gradient(x)
    by = {supports(f, x, y, *signs): L, supports(f, y, x, *signs): L}
    return step("cocoercivity", d.norm2, "<=", L * dot(d, y - x), by, *signs)
