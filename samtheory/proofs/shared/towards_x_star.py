"""f convex, full batch, gamma <= 1/L: what a step from x gains towards x*, for y along grad f."""

from __future__ import annotations

import sympy as sp

from samtheory.theorems.forms.descent import Descent
from samtheory.theorems.symbols import L, gamma, lam, rho

from ..kernel.analysis import cauchy_schwarz
from ..kernel.facts import Fact
from ..kernel.rules import ONE, cases, hypothesis, step
from ..language.terms import a, delta, dot, grad, norm, w
from ..setting import convex, f, here, p, rests_far, smooth, strongly_convex, towards, whole_moves
from .at_y import displaced
from .bounds import mu_L, smooth_gap
from .convexity import supports
from .descents import Distance
from .full_batch import nonzero, root_G, zero

some, none = hypothesis("a > 0", "case", 0, "<", a), hypothesis("a = 0", "case", 0, "=", a)


class Towards:
    """The one step of a theorem with this mu, 0 or that of strong convexity, and what is positive in it."""

    def __init__(self, theorem: Descent, mu: sp.Expr) -> None:
        self.stated, self.mu, self.rest = Distance(theorem), mu, 1 - L * gamma
        self.K = L - self.rest * mu
        self.short = step("Lγ ≤ 1", L * gamma, "<=", 1, {self.stated.small_gamma: L})
        by = {mu_L: 1, ONE: L * gamma * mu} if mu != 0 else {ONE: L}
        self.wide = step("K ≥ 0", 0, "<=", self.K, by)
        self.root = sp.sqrt(a) * L
        left = 1 - a * L * self.K * rho**2
        near = {self.stated.small_rho: self.root * (1 + self.root * rho)}
        more = {self.short: a * L * rho**2 * mu}
        firm = step("where a > 0", 0, "<", left, {**near, **more} if mu != 0 else near, some)
        free = step("where a = 0", 0, "<", left, {ONE: 1, none: -L * self.K * rho**2})
        self.falls = step("s > 0", 0, "<", self.stated.descent, {cases("c > 0", (firm, some), (free, none)): 2 * gamma})

    def one(self) -> Fact:
        """One step."""
        moving, still = self.moving(), self.still()
        return cases("one step", (moving, nonzero), (still, zero))

    def moving(self) -> Fact:
        """Where grad f is not 0."""
        gain, mu = 2 * gamma, self.mu
        lower = strongly_convex(p, -w) if mu != 0 else convex(f, p, -w)
        uphill = step("<y - x, w> ≥ 0", 0, "<=", dot(w, p),
                      {towards(w): -1, convex(f, here, -w): rho * (a + lam / root_G),
                       ONE: rho * (a + lam / root_G) * delta}, nonzero)  # fmt: skip
        by = {
            whole_moves: 1, smooth(f, p, here): gain, supports(f, p, -w): gain * L * gamma, lower: gain * self.rest,
            displaced: gamma * self.K, smooth_gap: gamma * self.K * a * rho**2,
        }  # fmt: skip
        if mu != 0:
            by[uphill] = gain * self.rest * mu
        return step("where ∇f ≠ 0", *self.stated.one_step, by, self.short, self.wide, nonzero)

    def still(self) -> Fact:
        """Where grad f is 0: x is a minimiser."""
        lowest = step("δ = 0", delta, "<=", 0, {convex(f, here, -w): 1, cauchy_schwarz(grad, w): 1, zero: -norm(w)})
        noise = 2 * gamma * a * L * self.K * rho**2 * delta + gamma * lam * self.K * rho**2
        if self.mu == 0:
            by = {rests_far: 1, lowest: 2 * gamma, ONE: noise}
        else:
            part = 2 * gamma * self.rest
            by = {
                rests_far: 1, strongly_convex(here, -w): part, cauchy_schwarz(grad, w): part, zero: -part * norm(w),
                lowest: 2 * L * gamma**2, ONE: noise,
            }  # fmt: skip
        return step("where ∇f = 0", *self.stated.one_step, by, self.short, self.wide)
