"""Karimi, Nutini & Schmidt, Theorem 1: SGD with the full gradient."""

from samtheory.theorems.karimi_2016_gd import theorem
from samtheory.theorems.symbols import L, gamma, mu

from .kernel.facts import ONE, assume, square, step
from .kernel.lemmas import along
from .kernel.proof import Proof
from .kernel.setting import PL
from .kernel.symbols import G, M
from .shared.bounds import mu_L
from .shared.constant_steps import Named
from .shared.recursion import unrolled
from .shared.sgd import one_step

stated = Named(theorem)
whole = assume("full-batch", "g = ∇f", M, "=", G)
short = step("Lγ ≤ 1", L * gamma, "<=", 1, {stated.small_gamma: L})
firm = step("Lγ < 2", 0, "<", 2 - L * gamma, {short: 1, ONE: 1})
one = step(
    "one step", *stated.one_step, {one_step: 1, whole: L * gamma**2 / 2, PL: gamma * (2 - L * gamma) / 2}, firm
)  # fmt: skip
contracts = step("q ≥ 0", 0, "<=", stated.q, {square(1 - gamma * mu): 1, mu_L: mu * gamma**2})
shrinks = step("q < 1", 0, "<", 1 - stated.q, {firm: gamma * mu})

proof = Proof(theorem, (one, *unrolled(along(one), stated.q, stated.N, contracts, shrinks)))
