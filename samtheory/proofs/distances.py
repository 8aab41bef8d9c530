"""E ||x+ - x*||^2 <= ||x - x*||^2 - s delta + noise: names for such a theorem, and what follows from it.

x* is the minimiser nearest to x, so that the distance of x+ to the minimisers is at most ||x+ - x*||.
"""

from __future__ import annotations

import sympy as sp

from ..theorems.symbols import gamma, mu, rho
from .facts import ONE, SELF, Fact, assume, define, induction, step
from .lemmas import along, mean_of
from .minimiser import w
from .recursion import unrolled
from .symbols import delta, gap_at, t
from .telescope import begun
from .vectors import Vector, function, norm, number

V, V_at, S = define("V", norm(w) ** 2), function("V"), function("Σδ")
V0 = number("R₀²", nonnegative=True)
start = assume("start", "R₀² = ‖x_0 - x*‖²", V_at(0), "=", V0)
#: delta >= (mu/2) dist(x, X*)^2 under PL (Karimi, Nutini, Schmidt 2016).
growth = assume("PL", "quadratic growth", mu / 2 * V, "<=", delta)


class Distance:
    """The formulas of a theorem under names, its limits as hypotheses, and its one step for the move -gamma direction."""

    def __init__(self, theorem: object, descent: sp.Expr, noise: sp.Expr, direction: Vector) -> None:
        self.s, self.noise = define("s", descent), define("ν", noise)
        self.new = define("V⁺", mean_of((w - gamma * direction).norm2))
        self.one_step = self.new, "<=", V - self.s * delta + self.noise
        self.small_rho = assume("steps", "ρ < ρ_max", rho, "<", define("ρ_max", theorem.rho_max))
        self.small_gamma = assume("steps", "γ ≤ γ_max", gamma, "<=", define("γ_max", theorem.gamma_max))

    def at(self, fact: Fact) -> Fact:
        """A fact about one step at every t."""
        return along(fact, {self.new: V_at(t + 1), V: V_at(t)})
