"""Without PL: E delta_{t+1} <= (1 + alpha) E delta_t - s E G_t + nu, added up over time."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from samtheory.theorems.symbols import delta0, epsilon, gamma

from ..kernel.facts import ONE, SELF, Fact, assume, induction, step
from ..kernel.lemmas import E_3, along, at_least, grows, jensen, root
from ..kernel.symbols import gap_at, grad2_at, t
from ..kernel.vectors import function, number
from .recursion import lean, start

part = sp.Rational
begun = assume("horizon", "t ≥ 1", 0, "<", t)

#: The least and the sum of E G_j over j < t.
m, S = number("m", nonnegative=True), function("S")
least = assume("definition", "m ≤ E G_j for j < t", m, "<=", grad2_at(t))
empty, added = (
    assume("definition", "S_0 = 0", S(0), "=", 0),
    assume("definition", "S_{t+1} = S_t + E G_t", S(t + 1), "=", S(t) + grad2_at(t)),
)

#: W_t, the sum of (1 + alpha)^-j over 1 <= j <= t.
W = function("W")
none = assume("definition", "W_0 = 0", W(0), "=", 0)


def capped(inverse: Sequence[sp.Expr]) -> tuple[sp.Expr, Fact, list[Fact]]:
    """1/gamma at most, that gamma is the smallest of its caps, and that it is below each; a cap is given as 1/cap."""
    largest = sp.Max(*inverse)
    smallest = assume("steps", "γ is the smallest of its caps", 1 / gamma, "=", largest)
    below: list[Fact] = [
        step(f"γ ≤ γ_{i}", gamma * cap, "<=", 1, {at_least(largest, cap): gamma, smallest: -gamma})
        for i, cap in enumerate(inverse, 1)
    ]
    return largest, smallest, below


class Weighted:
    """The bound on m, by the weights (1 + alpha)^-j."""

    def __init__(self, member: Fact, alpha: sp.Expr, s: sp.Expr, nu: sp.Expr, falls: Fact) -> None:
        self.alpha, self.nu, grown = alpha, nu, 1 + alpha
        more = assume("definition", "W_{t+1} = W_t + (1+α)^-(t+1)", W(t + 1), "=", W(t) + grown ** (-t - 1))
        total = lean(induction(
            "telescoped", t, gap_at(t), "<=", grown**t * (delta0 - (s * m - nu) * W(t)),
            {SELF: grown, along(member): 1, least: s, more: grown ** (t + 1) * (s * m - nu)}, falls,
            base={start: 1, none: s * m - nu},
        ))  # fmt: skip
        self.summed = step(
            "δ_t ≥ 0", (s * m - nu) * W(t), "<=", delta0, {total: grown**-t, ONE: grown**-t * gap_at(t)}
        )  # fmt: skip
        self.closed = induction(
            "W_t, summed", t, alpha * W(t), "=", 1 - grown**-t, {SELF: 1, more: alpha}, base={none: alpha}
        )  # fmt: skip
        self.enough = induction(
            "W_t ≥ t (1+α)^-t", t, t * grown**-t, "<=", W(t),
            {SELF: 1, more: -1, ONE: alpha * t * grown ** (-t - 1)}, base={none: -1},
        )  # fmt: skip
        some = step("W_t > 0", 0, "<", W(t), {self.enough: 1, begun: grown**-t})
        self.bound = lean(
            step("any steps", m, "<=", (delta0 / W(t) + nu) / s, {self.summed: 1 / (s * W(t))}, falls, some)
        )

    def reached(self, growth: Fact, half: Fact, positive: Fact, enough: Fact, noise: Fact) -> Fact:
        """min E||grad f|| <= epsilon at the horizon t.

        Parameters
        ----------
        growth, half, positive : alpha t <= 1, gamma/2 <= s, 0 < t
        enough, noise : 12 delta0/gamma <= epsilon^2 t, 2 nu/gamma <= epsilon^2/2
        """
        grown, nu = 1 + self.alpha, self.nu
        three = step("(1+α)^t ≤ 3", grown**t, "<=", 3, {grows(self.alpha, growth): 1, E_3: 1})
        third = step("W_t ≥ t/3", t, "<=", 3 * W(t), {self.enough: grown**t, three: W(t)})
        some = step("W_t > 0", 0, "<", W(t), {third: part(1, 3), positive: part(1, 3)})
        at_most = step(
            "start and noise", m, "<=", 6 * delta0 / (gamma * t) + 2 * nu / gamma,
            {self.summed: 2 / (gamma * W(t)), half: 2 * m / gamma, third: 2 * delta0 / (gamma * t * W(t))},
            some, positive,
        )  # fmt: skip
        least = step("m ≤ ε²", m, "<=", epsilon**2, {at_most: 1, enough: 1 / (2 * t), noise: 1}, positive)
        norm = number("min E‖∇f(x_j)‖", nonnegative=True)
        moments = step("without the square", norm**2, "<=", epsilon**2, {jensen("Jensen", norm, m): 1, least: 1})
        return root("the iterations", norm, epsilon, moments)


def averaged(one: Fact, s: sp.Expr, nu: sp.Expr, falls: Fact) -> Fact:
    """The bound on the mean of E G_j over j < t, where alpha = 0."""
    total = induction(
        "added up", t, gap_at(t) + s * S(t), "<=", delta0 + nu * t,
        {SELF: 1, along(one): 1, added: s}, base={start: 1, empty: s},
    )  # fmt: skip
    return lean(step(
        "the mean", S(t) / t, "<=", (delta0 / t + nu) / s, {total: 1 / (s * t), ONE: gap_at(t) / (s * t)}, falls, begun
    ))  # fmt: skip
