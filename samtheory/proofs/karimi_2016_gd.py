"""Karimi, Nutini & Schmidt, Theorem 1: SGD with the full gradient."""

from samtheory.theorems.karimi_2016_gd import theorem
from samtheory.theorems.symbols import L, gamma, mu

from .kernel.rules import ONE, square, step
from .setting import PL, whole
from .shared.bounds import mu_L
from .shared.constant_steps import Formulas
from .shared.sgd import one_step

stated = Formulas(theorem)
short = step("Lγ ≤ 1", L * gamma, "<=", 1, {stated.small_gamma: L})
firm = step("Lγ < 2", 0, "<", 2 - L * gamma, {short: 1, ONE: 1})
one = step(
    "one step", *stated.one_step, {one_step: 1, whole: L * gamma**2 / 2, PL: gamma * (2 - L * gamma) / 2}, firm
)  # fmt: skip
contracts = step("q ≥ 0", 0, "<=", stated.q, {square(1 - gamma * mu): 1, mu_L: mu * gamma**2})
shrinks = step("q < 1", 0, "<", 1 - stated.q, {firm: gamma * mu})

proof = stated.proof(one, contracts, shrinks)
