"""USAM-SPS: `shared.polyak` for every f_v, where all have the minimiser x* in common."""

from samtheory.theorems import oikonomou_2026_usam_ps as full
from samtheory.theorems.oikonomou_2026_usam_sps import theorem
from samtheory.theorems.symbols import L, Lambda, rho

from .kernel.rules import mean, step
from .language.terms import g, norm
from .oikonomou_2026_usam_ps import rate
from .ours_interpolated import value
from .setting import polyak_v, unbiased_value
from .shared.convex_components import gap, mu_Lambda
from .shared.descents import Distance
from .shared.polyak import one_step

stated = Distance(theorem)
alpha, nu = full.alpha.subs(L, Lambda), Lambda * rho
flat = step("f_v is Λ-smooth", norm(g) ** 2, "<=", 2 * Lambda * gap, {value: 2 * Lambda})
draw, firm = one_step(polyak_v, alpha, flat, stated.small_rho)
one = step("one step", *stated.one_step, {mean(draw): 1, unbiased_value: -alpha * (1 - nu**2)})
falls, contracts = rate(alpha, stated.descent, Lambda, firm, mu_Lambda)

proof = stated.linear(one, falls, contracts)
