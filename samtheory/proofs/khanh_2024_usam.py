"""Khanh et al.: ||h|| <= (1 + nu) ||grad f|| and <grad f, h> >= (1 - nu) ||grad f||^2 in the descent lemma."""

from samtheory.theorems import khanh_2024_usam as khanh
from samtheory.theorems.symbols import L, gamma, mu

from .kernel.rules import ONE, square, step
from .ours_usam_deterministic import high, low, squared
from .shared.bounds import mu_L
from .shared.descents import Formulas
from .shared.full_batch import descent

stated = Formulas(khanh.theorem, below="<")
nu = khanh.nu
one = step("one step", *stated.one_step, {descent: 1, low: gamma, high: L * gamma**2, squared: L * gamma**2 / 2})

d = 2 - 2 * nu - L * gamma * (1 + nu) ** 2
firm = step("d > 0", 0, "<", d, {stated.small_gamma: L * (1 + nu) ** 2})
falls = step("s > 0", 0, "<", stated.descent, {firm: gamma / 2})
stays = step("s ≥ 0", 0, "<=", stated.descent, {stated.largest_gamma: L * gamma * (1 + nu) ** 2 / 2})
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {square(1 - gamma * mu): 1, mu_L: mu * gamma**2, ONE: 2 * mu * gamma * nu + mu * L * gamma**2 * nu * (2 + nu)},
)  # fmt: skip

proof = stated.linear(one, falls, contracts, stays=stays)
