"""Theorem 3.2 as printed: with L_max in the place of L and Lambda, which are smaller."""

import sympy as sp

from samtheory.theorems.symbols import L, L_max, Lambda, gamma, mu
from samtheory.theorems.unified_sam_3_2_as_printed import theorem

from . import unified_sam_3_2 as always
from .kernel.rules import ONE, hypothesis, instance, sign, square, step
from .language.terms import delta, dot, grad, new
from .setting import L_v, bounded, f, here, smooth, x_plus
from .shared.bounds import D, mu_D, mu_L
from .shared.constant_steps import Formulas

stated = Formulas(theorem)
average = hypothesis("L ≤ L_max", "smooth", L, "<=", L_max)
covered = hypothesis("Λ ≤ L_max", "sampling", Lambda, "<=", L_max)

descent = smooth(f, here, x_plus)
wider = step(
    "f is L_max-smooth", new, "<=", delta + dot(grad, x_plus) + L_max / 2 * x_plus.norm2,
    {descent: 1, average: x_plus.norm2 / 2}, square(x_plus),
)  # fmt: skip
given = {
    descent: wider,
    bounded: step("L_v ≤ L_max for every draw", L_v, "<=", L_max, {bounded: 1, covered: 1}),
    always.stated.small_gamma: stated.small_gamma,
    always.stated.small_rho: stated.small_rho,
}
printed = {L: L_max, Lambda: L_max}
one = step("one step", *stated.one_step, {instance("Theorem 3.2 with L_max", always.one, printed, given): 1})
short = instance("Theorem 3.2 with L_max", always.short, printed, given)
contracts = step(
    "q ≥ 1/2", sp.Rational(1, 2), "<=", stated.q,
    {short: 1 / (2 * mu), mu_L: gamma * D / mu, average: gamma * D / mu, mu_D: gamma},
)  # fmt: skip
nonnegative = step("q ≥ 0", 0, "<=", stated.q, {contracts: 1, ONE: sp.Rational(1, 2)})
shrinks = step("q < 1", 0, "<", 1 - stated.q, {sign(gamma): mu})

proof = stated.proof(
    one, nonnegative, shrinks,
    note="false in general where Λ > L_max; proved for Λ ≤ L_max (uniform, τ-nice, importance, full batch)",
)  # fmt: skip
