"""E V+ <= (1 + growth) V - s W + noise: names for the formulas of such a theorem, and what follows from it."""

from __future__ import annotations

from samtheory.theorems.forms.descent import SLOPES, Descent
from samtheory.theorems.symbols import gamma, mu, rho

from ..kernel.facts import Fact, assume, define, step
from ..kernel.lemmas import along
from ..kernel.setting import PL
from ..kernel.symbols import G, delta, delta_new
from .recursion import lean, unrolled


class Formulas:
    """The formulas of a theorem under names, its two limits as hypotheses, and its one step, for V = delta, W = G.

    Parameters
    ----------
    gamma_below : "<" where gamma = gamma_max leaves nothing
    """

    def __init__(self, theorem: Descent, gamma_below: str = "<=") -> None:
        self.theorem = theorem
        self.rho_max, self.gamma_max = define("ρ_max", theorem.rho_max), define("γ_max", theorem.gamma_max)
        self.growth, self.descent = define("α", theorem.growth), define("s", theorem.descent)
        self.noise = define("ν", theorem.noise)
        self.small_rho = assume("steps", "ρ < ρ_max", rho, "<", self.rho_max)
        self.small_gamma = assume(
            "steps", f"γ {'<' if gamma_below == '<' else '≤'} γ_max", gamma, gamma_below, self.gamma_max
        )
        self.one_step = delta_new, "<=", (1 + self.growth) * delta - self.descent * G + self.noise

    def linear(self, one: Fact, falls: Fact, contracts: Fact) -> tuple[Fact, ...]:
        """The linear rate under PL; `falls` is 0 < s, `contracts` 0 <= q = 1 + growth - 2 mu s; growth is 0."""
        q = define("q", 1 + self.theorem.growth - SLOPES["gap"] * self.theorem.descent)
        claim = delta_new, "<=", q * delta + self.noise
        own = lean(step("one step under PL", *claim, {one: 1, PL: self.descent}, falls))
        kept = step("q ≥ 0", 0, "<=", q, {contracts: 1})
        shrinks = step("q < 1", 0, "<", 1 - q, {falls: 2 * mu})
        return own, *unrolled(along(own), q, self.noise / (1 - q), kept, shrinks, falls)
