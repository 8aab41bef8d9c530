"""Shin et al., Theorems 6.6 and H.3: the master inequality at lam = 0 with E||g||^2 <= k ||grad f||^2."""

from samtheory.theorems import shin_2025_h_3 as shin
from samtheory.theorems.symbols import L, Lambda, gamma, k, rho

from .kernel.rules import square, step
from .language.terms import define
from .ours_tight import root_small
from .shared.descents import Formulas
from .shared.master import root_G, root_M
from .shared.strong_growth import rates, second, usam

stated = Formulas(shin.theorem, below="<")
slope, bend = define("slope", shin.slope), define("bend", shin.bend)

one = step(
    "one step", *stated.one_step,
    {
        usam: 1, root_small: gamma * rho * root_G * root_M, square(root_G - root_M): gamma * Lambda * rho / 2,
        second: gamma * Lambda * rho / 2 + L * gamma**2 / 2 * (1 + Lambda * rho) ** 2,
    },
)  # fmt: skip
positive = step("slope > 0", 0, "<", slope, {stated.small_rho: (k + 1) * Lambda / 2})
falls, stays, contracts, rate = rates(stated, slope, bend, (k + 1) * Lambda * rho / 2, positive)

proof = stated.linear(one, falls, contracts, rate, stays=stays)
