"""The bonus: the square that the descent lemma leaves out, and PL at the next point; the rate that comes of them."""

from __future__ import annotations

from typing import Any

import sympy as sp

from samtheory.theorems.forms.bonus import CONVEX, root_rate, under_root
from samtheory.theorems.symbols import L, gamma, mu

from ..kernel.analysis import one_of
from ..kernel.facts import Fact
from ..kernel.rules import ONE, along, cases, hypothesis, instance, step
from ..kernel.rules import square as squared
from ..language.terms import E, G, Vector, define, delta, dot, grad, new
from ..proof import Proof
from ..setting import PL, Objective, PL_at, f, here, smooth, smooth_below, whole_step
from .bounds import mu_L
from .convexity import supports
from .descents import Formulas
from .full_batch import h, move
from .recursion import unrolled

half = sp.Rational(1, 2)
#: 1 + sigma, at least 1.
stretch = sp.Symbol("ς", positive=True)
stretched = hypothesis("σ ≥ 0", "case", 0, "<=", stretch - 1)


def between(f: Objective, x: Vector, y: Vector) -> Fact:
    """f(y) - f(x) from above: the descent lemma from x, and that of -f from y, both towards the middle less a step."""
    u, v, L = f.gradient(x), f.gradient(y), f.smoothness
    z = (x + y) / 2 - (u - v) / (2 * L)
    upper = dot(u + v, y - x) / 2 - (v - u).norm2 / (4 * L) + L / 4 * (y - x).norm2
    by = {smooth(f, x, z): 1, smooth_below(f, y, z): 1}
    return step("interpolation", f.value(y) - f.value(x), "<=", upper, by)


def bonus(k: sp.Rational, move: Vector, h: Vector, stretch: Any, *signs: Fact) -> Fact:
    """The descent lemma to x + move = x - gamma h with its bonus and PL at the next point, for any stretch >= 1.

    `stretch` is 1 + sigma; `signs` say that it is positive, and that it is at least 1.
    """
    p, after = grad - L * gamma * h, f.gradient(move)
    closer = supports(f, move, here) if k == CONVEX else between(f, here, move)
    terms = -gamma * dot(grad, h) + L * gamma**2 / 2 * h.norm2
    left, right = (1 + k * mu / L * (1 - 1 / stretch)) * f.value(move), delta + terms
    by = {
        closer: 1, squared(after - stretch * p, *signs): k / (2 * L * stretch),
        PL_at(move): k / (2 * L) * (stretch - 1) / stretch,
    }  # fmt: skip
    return step("the bonus", left, "<=", right + k / (2 * L) * (stretch - 1) * p.norm2, by, *signs)


class NextRate:
    """The rate s^2 of `forms.bonus`, where ||p|| <= Pi ||grad f||.

    Parameters
    ----------
    Pi : a name for the formula
    ends : the formulas of which Pi is the largest; their sum is not negative by its form
    """

    def __init__(self, stated: Formulas, k: sp.Rational, Pi: sp.Symbol, *ends: sp.Expr) -> None:
        self.stated, self.k, self.Pi, self.m, self.Q = stated, k, Pi, k * mu / L, under_root(Pi, k)
        self.q, self.s = define("q", 1 + stated.theorem.growth), root_rate(Pi, k)
        self.root = sp.sqrt(1 / k) * sp.sqrt(self.Q)
        self.above = [one_of(Pi, end) for end in ends]
        self.some = step("Π ≥ 0", 0, "<=", Pi, {**dict.fromkeys(self.above, half), ONE: sum(ends) / 2})
        self.firm = step("Q ≥ 0", 0, "<=", self.Q, {mu_L: L / k + mu, ONE: mu * (L * (1 / k - 1) + mu) * Pi**2})
        self.positive, self.zero = (
            hypothesis(f"Π {sign} 0", "case", 0, relation, Pi) for sign, relation in ((">", "<"), ("=", "="))
        )

    def one(self, size: Fact, along: Fact, below: Fact) -> Fact:
        """One step, from ||p||^2 <= Pi^2 G, <grad f(x+), p> <= c Pi, and Pi <= 1."""
        moving, still = self.moving(size, below), self.still(size, along)
        found = cases("in both cases", (moving, self.positive), (still, self.zero), self.some)
        return step("one step", *self.stated.one_step, {found: 1}, self.firm)

    def moving(self, size: Fact, below: Fact) -> Fact:
        """One step where Pi > 0, with 1 + sigma = s/Pi."""
        k, Pi, s, root, positive, firm = self.k, self.Pi, self.s, self.root, self.positive, self.firm
        wide = step("√Q + LΠ/k > 0", 0, "<", root + L / k * Pi, {positive: L / k, ONE: root}, firm)
        by = {below: (L - mu) * (1 + Pi) / (k * Pi * wide.rhs)}
        bent = step("μ ≤ L", 0, "<=", L - mu, {mu_L: 1})
        more = step("Π ≤ s", 0, "<=", s / Pi - 1, by, bent, firm, wide, positive)
        at_most = self.shrinks(below)
        left = step(
            "what is left", 0, "<=", 1 - (1 - k) * Pi**2 - k * Pi * s,
            {below: (1 - k) * (1 + Pi) + k * s, at_most: k}, self.some, firm,
        )  # fmt: skip
        wide = s / Pi
        large = step("1 + σ > 0", 0, "<", wide, {more: 1, ONE: 1}, positive, firm)
        omega = 1 + self.m * (1 - 1 / wide)
        heavy = step("ω > 0", 0, "<", omega, {more: self.m / wide, ONE: 1}, large, positive, firm)
        step_any = instance("at the best σ", self.any(size), {stretch: wide}, {stretched: more}, large, positive, firm)
        by = {step_any: 1 / omega, PL: left.rhs / (2 * L * omega)}
        return step("where Π > 0", E(new), "<=", self.q * delta, by, positive, firm, large, heavy, left)

    def any(self, size: Fact) -> Fact:
        """One step for any sigma."""
        k, more = self.k, stretch - 1
        reached = bonus(k, move, h, stretch, stretched)
        far = (1 - (1 + k * more) * self.Pi**2) / (2 * L) * G
        return step(
            "for any σ", (1 + self.m * (1 - 1 / stretch)) * E(new), "<=", delta - far,
            {whole_step: 1 + self.m * (1 - 1 / stretch), reached: 1, size: (1 + k * more) / (2 * L)}, stretched,
        )  # fmt: skip

    def shrinks(self, below: Fact) -> Fact:
        """0 <= 1 - s, or 0 < 1 - s, as below says of 1 - Pi."""
        k, Pi, wide = self.k, self.Pi, L / self.k + mu
        room = step("the room", 0, "<", wide - mu * Pi + self.root, {below: mu, ONE: L / k + self.root}, self.firm)
        by = {below: mu * (1 + 1 / k + (1 / k - 1) * Pi) / room.rhs}
        return step("s ≤ 1", 0, below.relation, 1 - self.s, by, self.some, room, self.firm)

    def still(self, size: Fact, along: Fact) -> Fact:
        """One step where Pi = 0, and p = 0: <grad f(x+), p> <= 0."""
        k, Pi = self.k, self.Pi
        closer = supports(f, move, here) if k == CONVEX else between(f, here, move)
        heavy, wide = 2 * (L + k * mu), L / k + mu
        more = mu * (mu * Pi + 2 * self.root) + mu * (L * (1 / k - 1) + mu) * Pi / k
        by = {
            whole_step: 1, closer: 2 * L / heavy, PL_at(move): k / heavy, along: 2 * k / heavy,
            size: (1 - k) / heavy, PL: 1 / heavy,
            self.zero: more * delta / wide**2 - (1 - k) / heavy * Pi * G - 2 * k / heavy * along.rhs / Pi,
        }  # fmt: skip
        return step("where Π = 0", E(new), "<=", self.q * delta, by, self.firm)

    def proof(self, one: Fact, below: Fact) -> Proof:
        """The bound over time; `below` is Pi < 1."""
        kept = step("q ≥ 0", 0, "<=", self.q, {ONE: self.q}, self.firm)
        by = {self.shrinks(below): 1 + self.s}
        shrinks = step("q < 1", 0, "<", 1 - self.q, by, self.some, self.firm)
        bound, *rest = unrolled(along(one), self.q, 0, kept, shrinks, roots=(self.firm,))
        return Proof(self.stated.theorem, (one,), (bound,), (*rest,))
