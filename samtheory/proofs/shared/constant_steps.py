"""E delta+ <= q delta + noise at constant steps: names for the formulas of a statement, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.symbols import gamma, rho

from ..kernel.facts import Fact
from ..kernel.rules import along, hypothesis, instance, step
from ..language.terms import E, define, delta, new
from ..proof import Proof
from .recursion import unrolled


class Formulas:
    """The formulas of a theorem under names, and its two limits as hypotheses."""

    def __init__(self, theorem: ConstantSteps) -> None:
        self.theorem = theorem
        self.rho_max, self.gamma_max = define("ρ_max", theorem.rho_max), define("γ_max", theorem.gamma_max)
        self.q, self.noise = define("q", theorem.contraction), define("ν", theorem.noise)
        self.N = define("N", self.noise / (1 - self.q))
        self.small_rho = hypothesis("ρ < ρ_max", "steps", rho, "<", self.rho_max)
        self.small_gamma = hypothesis("γ ≤ γ_max", "steps", gamma, "<=", self.gamma_max)
        self.one_step = E(new), "<=", self.q * delta + self.noise

    def proof(self, one: Fact, contracts: Fact, shrinks: Fact, *more: Fact, note: str = "") -> Proof:
        """One step, and what follows from it; `contracts` is 0 <= q, `shrinks` 0 < 1 - q."""
        bound, limit, iterations = unrolled(along(one), self.q, self.N, contracts, shrinks)
        return Proof(self.theorem, (one,), (bound,), (limit, iterations, *more), note)


def specialised(
    stated: Formulas, why: str, facts: tuple[Fact, Fact, Fact], values: Mapping[Any, Any], given: Mapping[Fact, Fact]
) -> Proof:
    """The proof of `stated` as a special case of a theorem with the `facts` one step, 0 <= q and 0 < 1 - q."""
    one, contracts, shrinks = (instance(why, fact, values, given) for fact in facts)
    own = step("one step", *stated.one_step, {one: 1})
    q = step("q ≥ 0", 0, "<=", stated.q, {contracts: 1}), step("q < 1", 0, "<", 1 - stated.q, {shrinks: 1})
    return stated.proof(own, *q)
