"""The master inequality at lam = 0 with sqrt(E||g||^2) <= sqrt(k) ||grad f||."""

from samtheory.theorems import ours_strong_growth as growth
from samtheory.theorems import shin_2025_h_3 as shin
from samtheory.theorems.symbols import L, Lambda, Lambda2, gamma, rho

from .kernel.analysis import root
from .kernel.rules import square, step
from .language.terms import define
from .ours_3_2_plus import root_k
from .ours_tight import root_small
from .shared.bounds import D_positive
from .shared.descents import Formulas
from .shared.master import root_G, root_M
from .shared.strong_growth import rates, second, usam

stated = Formulas(growth.theorem, below="<")
slope, bend = define("slope", growth.slope), define("bend", growth.bend)

squared = step("second moment, in roots", root_M**2, "<=", (root_k * root_G) ** 2, {second: 1})
grown = root("strong growth", root_M, root_k * root_G, squared)
one = step(
    "one step", *stated.one_step,
    {usam: 1, grown: gamma * rho * Lambda2 * root_G, second: L * gamma**2 / 2 * (1 + Lambda * rho) ** 2},
)  # fmt: skip
positive = step("slope > 0", 0, "<", slope, {stated.small_rho: Lambda2 * root_k}, D_positive)
falls, stays, contracts, rate = rates(stated, slope, bend, rho * Lambda2 * root_k, positive)

theirs = define("slope of Shin et al.", shin.slope)
larger = step(
    "never worse than Shin et al.", theirs, "<=", slope,
    {root_small: rho * root_k, square(1 - root_k): Lambda * rho / 2},
)  # fmt: skip

proof = stated.linear(one, falls, contracts, rate, larger, stays=stays)
