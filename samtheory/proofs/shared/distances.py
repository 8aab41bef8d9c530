"""E ||x+ - x*||^2 <= ||x - x*||^2 - s delta + noise: names for such a theorem, and what follows from it.

x* is the minimiser nearest to x, so that the distance of x+ to the minimisers is at most ||x+ - x*||.
"""

from __future__ import annotations

from samtheory.theorems.forms.descent import Descent
from samtheory.theorems.symbols import gamma, mu, rho

from ..kernel.facts import ONE, SELF, Fact, assume, define, induction, step
from ..kernel.lemmas import along, mean_of, quadratic_growth
from ..kernel.setting import PL
from ..kernel.symbols import delta, gap_at, t
from ..kernel.vectors import Vector, function, norm, number
from .minimiser import w
from .recursion import Sequence, unrolled
from .telescope import begun

V, V_at, S = define("V", norm(w) ** 2), function("V"), function("Σδ")
V0 = number("R₀²", nonnegative=True)
start = assume("start", "R₀² = ‖x_0 - x*‖²", V_at(0), "=", V0)
growth = quadratic_growth(V, PL)


class Distance:
    """The formulas of a theorem under names, its limits as hypotheses, its one step for the move -gamma direction."""

    def __init__(self, theorem: Descent, direction: Vector) -> None:
        self.s, self.noise = define("s", theorem.descent), define("ν", theorem.noise)
        self.new = define("V⁺", mean_of((w - gamma * direction).norm2))
        self.one_step = self.new, "<=", V - self.s * delta + self.noise
        self.small_rho = assume("steps", "ρ < ρ_max", rho, "<", define("ρ_max", theorem.rho_max))
        self.small_gamma = assume("steps", "γ ≤ γ_max", gamma, "<=", define("γ_max", theorem.gamma_max))

    def at(self, fact: Fact) -> Fact:
        """A fact about one step at every t."""
        return along(fact, {self.new: V_at(t + 1), V: V_at(t)})

    def linear(self, one: Fact, falls: Fact, contracts: Fact) -> tuple[Fact, ...]:
        """The linear rate under PL; `falls` is 0 < s, `contracts` 0 <= q = 1 - (mu/2) s."""
        q = define("q", 1 - mu / 2 * self.s)
        own = step("one step under PL", self.new, "<=", q * V + self.noise, {one: 1, growth: self.s}, falls)
        kept = step("q ≥ 0", 0, "<=", q, {contracts: 1})
        shrinks = step("q < 1", 0, "<", 1 - q, {falls: mu / 2})
        N, of = self.noise / (1 - q), Sequence(V_at, V0, start)
        return own, *unrolled(self.at(own), q, N, kept, shrinks, falls, of=of)

    def averaged(self, one: Fact, falls: Fact) -> Fact:
        """The bound on the mean of the gaps."""
        empty = assume("definition", "Σδ_0 = 0", S(0), "=", 0)
        added = assume("definition", "Σδ_{t+1} = Σδ_t + E δ_t", S(t + 1), "=", S(t) + gap_at(t))
        total = induction(
            "added up", t, V_at(t) + self.s * S(t), "<=", V0 + self.noise * t,
            {SELF: 1, self.at(one): 1, added: self.s}, base={start: 1, empty: self.s},
        )  # fmt: skip
        return step(
            "the mean", S(t) / t, "<=", (V0 / t + self.noise) / self.s,
            {total: 1 / (self.s * t), ONE: V_at(t) / (self.s * t)}, falls, begun,
        )  # fmt: skip
