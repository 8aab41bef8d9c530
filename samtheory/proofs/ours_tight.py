"""The tightest member: each member is a bound, and the paper's chain is above one of them (Lemma 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from samtheory.theorems.ours_tight import lemma_5_1, theorem
from samtheory.theorems.symbols import A, B, C, L, Lambda, Lambda1, Lambda2, b1, b2, b3, gamma, lam, mu, rho

from . import unified_sam_3_2 as paper
from .kernel.analysis import root
from .kernel.facts import Fact
from .kernel.rules import ONE, mean, square, step
from .language.terms import G, a, define, delta, in_a, spelt_out
from .proof import Proof
from .setting import PL, L_v, bounded, mean_L, square_L
from .shared.chain import c0, c2
from .shared.family import growth, member, member_bonus, rest, slope

mean_small = step("Λ₁ ≤ Λ", Lambda1, "<=", Lambda, {mean(bounded): 1, mean_L: -1})
square_small = step("L_v² ≤ Λ²", L_v**2, "<=", Lambda**2, {bounded: Lambda + L_v})
square_mean = step("Λ₂² ≤ Λ²", Lambda2**2, "<=", Lambda**2, {mean(square_small): 1, square_L: -1})
root_small = root("Λ₂ ≤ Λ", Lambda2, Lambda, square_mean)

M_bound = 2 * A * delta + B * G + C
bend = Lambda * rho * a
chain = delta - gamma * (1 - Lambda * rho / 2) * G + c2 * M_bound + c0
young = dict(zip((b1, b2, b3), map(in_a, lemma_5_1), strict=True))


value = (1 + growth) * delta + slope * G + rest


def dominated(name: str, b: Mapping[Any, Any], zero: Mapping[Any, Any], spared: Any) -> Fact:
    """The member at b is at most the paper's chain, where the symbols in `zero` are; `spared` is gone with them."""
    root_gap = rho * (G / 4 + a**2 * M_bound) + L * gamma * M_bound * (1 + bend) ** 2 / (6 * Lambda)
    by = {
        root_small: gamma * root_gap + L * (gamma * lam * rho) ** 2 * (4 * Lambda + Lambda2) / 2,
        mean_small: gamma * rho * (G / 4 + lam**2),
        square((2 * bend - 1).subs(zero)): L * gamma**2 * M_bound / 3,
        ONE: spared,
    }
    facts = {fact: sp.sympify(m).subs(zero) for fact, m in by.items() if sp.sympify(m).subs(zero) != 0}
    special = define("member", spelt_out(value).subs(b).subs(zero))
    return step(name, special, "<=", define("chain", spelt_out(chain).subs(zero)), facts)


# The b's are numbers where a, lam and rho are positive; where one of them is 0, the terms that go with it vanish.
free = L * gamma**2 * M_bound * (1 + bend) ** 2 * Lambda2 / (6 * Lambda)
below = (
    dominated("Lemma 5.1, 0 < λ < 1", young, {}, 0),
    dominated("Lemma 5.1, SAM", {**young, b1: 1}, {a: 0, lam: 1}, gamma * rho * G * Lambda2 / 4),
    dominated("Lemma 5.1, USAM", {**young, b2: 1, b3: 1}, {lam: 0, a: 1}, gamma * rho * G * Lambda1 / 4 + free),
    dominated("Lemma 5.1, ρ = 0", {b1: 1, b2: 1, b3: 1}, {rho: 0}, free),
)  # fmt: skip

# So it is at most what Theorem 3.2 claims, wherever that holds.
constant = step(
    "below Theorem 3.2", below[0].lhs, "<=", paper.stated.q * delta + paper.stated.noise,
    {below[0]: 1, paper.enough: gamma * G, PL: gamma / 2 + c2 * A / mu},
)  # fmt: skip

proof = Proof(theorem, (member_bonus,), more=(member, *below, constant))
