"""E delta+ <= q delta + noise at constant steps: names for the formulas of a statement, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.symbols import gamma, rho

from ..kernel.facts import Fact, assume, assumed, define, step
from ..kernel.lemmas import along, instance
from ..kernel.proof import Proof
from ..kernel.symbols import delta, delta_new
from .recursion import unrolled


class Named:
    """The formulas of a theorem under names, and its two limits as hypotheses."""

    def __init__(self, theorem: ConstantSteps) -> None:
        self.theorem = theorem
        self.rho_max, self.gamma_max = define("ρ_max", theorem.rho_max), define("γ_max", theorem.gamma_max)
        self.q, self.noise = define("q", theorem.contraction), define("ν", theorem.noise)
        self.N = define("N", self.noise / (1 - self.q))
        self.small_rho = assume("steps", "ρ < ρ_max", rho, "<", self.rho_max)
        self.small_gamma = assume("steps", "γ ≤ γ_max", gamma, "<=", self.gamma_max)
        self.one_step = delta_new, "<=", self.q * delta + self.noise


def specialised(
    stated: Named, why: str, facts: tuple[Fact, Fact, Fact], values: Mapping[Any, Any], given: Mapping[Any, Fact]
) -> Proof:
    """The proof of `stated` as a special case of a theorem with the `facts` one step, 0 <= q and 0 < 1 - q."""

    def special(fact: Fact) -> Fact:
        return instance(why, fact, values, {each: given[each] for each in given if each in assumed(fact)})

    one, contracts, shrinks = map(special, facts)
    own = step("one step", *stated.one_step, {one: 1})
    q = step("q ≥ 0", 0, "<=", stated.q, {contracts: 1}), step("q < 1", 0, "<", 1 - stated.q, {shrinks: 1})
    return Proof(stated.theorem, (own, *unrolled(along(own), stated.q, stated.N, *q)))
