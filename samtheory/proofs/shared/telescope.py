"""Without PL: E delta_{t+1} <= (1 + alpha) E delta_t - s E G_t + nu, added up over t < T."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from samtheory.theorems.symbols import delta0, epsilon, gamma

from ..kernel.analysis import one_of, root
from ..kernel.facts import Fact
from ..kernel.rules import ONE, SELF, along, hypothesis, induction, instance, sequence, step
from ..language.terms import T, gap_at, grad2_at, grad_at, t
from ..setting import least, least_norm, m, n, start
from .powers import compound, exponential, jensen
from .recursion import with_needed_signs

part = sp.Rational

#: The sum of E G_j over j < t.
S, empty, added = sequence("S", t, 0, lambda S: S + grad2_at(t))


def capped(inverse: Sequence[sp.Expr]) -> tuple[sp.Expr, Fact, list[Fact]]:
    """1/gamma at most, that gamma is the smallest of its caps, and that it is below each; a cap is given as 1/cap."""
    largest = sp.Max(*inverse)
    smallest = hypothesis("γ is the smallest of its caps", "steps", 1 / gamma, "=", largest)
    below = [
        step(f"γ ≤ γ_{i}", gamma * cap, "<=", 1, {one_of(largest, cap): gamma, smallest: -gamma})
        for i, cap in enumerate(inverse, 1)
    ]
    return largest, smallest, below


class Weighted:
    """The bound on m, by the weights (1 + alpha)^-j."""

    def __init__(self, member: Fact, alpha: sp.Expr, s: sp.Expr, nu: sp.Expr, falls: Fact) -> None:
        self.alpha, self.nu, self.member, self.s, self.falls, grown = alpha, nu, member, s, falls, 1 + alpha
        # W_t, the sum of (1 + alpha)^-j over 1 <= j <= t.
        W, none, more = sequence("W", t, 0, lambda W: W + grown ** (-t - 1))
        total = with_needed_signs(
            induction, "telescoped", t, gap_at(t), "<=", grown**t * (delta0 - (s * m - nu) * W(t)),
            {SELF: grown, along(member): 1, least: s, more: grown ** (t + 1) * (s * m - nu)}, signs=(falls,),
            base={start: 1, none: s * m - nu}, last=T,
        )  # fmt: skip
        self.W = W(T)
        self.summed = step(
            "δ_T ≥ 0", (s * m - nu) * self.W, "<=", delta0,
            {instance("at T", total, {t: T}): grown**-T, ONE: grown**-T * gap_at(T)},
        )  # fmt: skip
        self.closed = induction(
            "W_t, summed", t, alpha * W(t), "=", 1 - grown**-t, {SELF: 1, more: alpha}, base={none: alpha}
        )  # fmt: skip
        enough = induction(
            "W_t ≥ t (1+α)^-t", t, t * grown**-t, "<=", W(t),
            {SELF: 1, more: -1, ONE: alpha * t * grown ** (-t - 1)}, base={none: -1},
        )  # fmt: skip
        self.enough = instance("at T", enough, {t: T})
        some = step("W_T > 0", 0, "<", self.W, {self.enough: 1, ONE: T * grown**-T})
        self.bound = with_needed_signs(
            step, "any steps", m, "<=", (delta0 / self.W + nu) / s, {self.summed: 1 / (s * self.W)},
            signs=(falls, some),
        )  # fmt: skip

    def reached(self, growth: Fact, half: Fact, enough: Fact, noise: Fact) -> Fact:
        """min E||grad f|| <= epsilon at the horizon T.

        Parameters
        ----------
        growth, half : alpha T <= 1, gamma/2 <= s
        enough, noise : 12 delta0/gamma <= epsilon^2 T, 2 nu/gamma <= epsilon^2/2
        """
        grown, nu, W = 1 + self.alpha, self.nu, self.W
        three = three_at_most(self.alpha, growth)
        third = step("W_T ≥ T/3", T, "<=", 3 * W, {self.enough: grown**T, three: W})
        some = step("W_T > 0", 0, "<", W, {third: part(1, 3), ONE: part(1, 3) * T})
        at_most = step(
            "start and noise", m, "<=", 6 * delta0 / (gamma * T) + 2 * nu / gamma,
            {self.summed: 2 / (gamma * W), half: 2 * m / gamma, third: 2 * delta0 / (gamma * T * W)}, some,
        )  # fmt: skip
        small = step("m ≤ ε²", m, "<=", epsilon**2, {at_most: 1, enough: 1 / (2 * T), noise: 1})
        square = step("Jensen", n**2, "<=", grad2_at(t), {least_norm: n + grad_at(t), jensen: 1})
        norms = instance("the smallest norm", small, {m: n**2}, {least: square})
        return root("the iterations", n, epsilon, norms)


def three_at_most(x: sp.Expr, short: Fact) -> Fact:
    """(1 + x)^T <= e^(x T) <= e <= 3 from x T <= 1, x >= 0."""
    grown = compound(1 + x, T, step("1 + x ≥ 0", 0, "<=", 1 + x, {ONE: 1 + x}))
    return step("(1+α)^T ≤ 3", (1 + x) ** T, "<=", 3, {grown: 1, exponential(short): 1, ONE: 3 - sp.E})


def averaged(one: Fact, s: sp.Expr, nu: sp.Expr, falls: Fact) -> Fact:
    """The bound on the mean of E G_j over j < T, where alpha = 0."""
    total = induction(
        "added up", t, gap_at(t) + s * S(t), "<=", delta0 + nu * t,
        {SELF: 1, along(one): 1, added: s}, base={start: 1, empty: s},
    )  # fmt: skip
    at_T = instance("at T", total, {t: T})
    by = {at_T: 1 / (s * T), ONE: gap_at(T) / (s * T)}
    return with_needed_signs(step, "the mean", S(T) / T, "<=", (delta0 / T + nu) / s, by, signs=(falls,))
