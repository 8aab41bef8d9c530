"""R1, convex: the one step of `ours_deterministic_convex` at lam = 0, for every rho."""

import sympy as sp

from samtheory.theorems.ours_usam_convex import theorem
from samtheory.theorems.ours_usam_deterministic import gained, nu
from samtheory.theorems.symbols import L, gamma, lam, mu

from . import ours_deterministic_convex as exact
from .kernel.analysis import all_of, one_of
from .kernel.facts import Fact
from .kernel.rules import ONE, instance, square, step
from .language.terms import G, a, define, spelt_out
from .shared.bounds import mu_L
from .shared.descents import Formulas

stated = Formulas(theorem, below="<")

usam = {a: 1, lam: 0}
gain = define("gain", spelt_out(exact.gain).subs(usam))
ends = [
    step("an end", stated.descent * G, "<=", gained(size) * G, {one_of(stated.descent, gained(size)): G})
    for size in (sp.Integer(1), 1 + nu)
]
both = all_of("the smaller", gain, stated.descent * G, *ends)
one = step("one step", *stated.one_step, {instance("one step, λ = 0", exact.one, usam): 1, both: 1})


def gains(limit: Fact) -> Fact:
    """0 < s from gamma < gamma_max, or 0 <= s from gamma <= gamma_max."""
    sign = limit.relation
    stable = step("stable at 1 + ν", 0, sign, 1 - L * gamma * (1 + nu) / 2, {limit: L * (1 + nu) / 2})
    stabler = step("stable at 1", 0, sign, 1 - L * gamma / 2, {stable: 1, ONE: L * gamma * nu / 2})
    return step("the descent", 0, sign, stated.descent, {ONE: stated.descent}, stable, stabler)


falls, stays = gains(stated.small_gamma), gains(stated.largest_gamma)
contracts = step(
    "q ≥ 0", 0, "<=", 1 - 2 * mu * stated.descent,
    {one_of(stated.descent, gained(1 + nu)): 2 * mu, square(1 - L * gamma * (1 + nu)): mu / L, mu_L: 1 / L},
)  # fmt: skip

proof = stated.linear(one, falls, contracts, stays=stays)
