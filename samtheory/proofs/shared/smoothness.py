"""How far y is from x, and the perturbed gradient from the gradient."""

from samtheory.theorems.symbols import Lambda, lam, rho

from ..kernel.rules import step
from ..language.terms import a, e, g, norm
from ..setting import L_v, bounded, lipschitz, near

length = rho * (a * norm(g) + lam)
pushed = step("perturbation, for the draw", norm(e), "<=", L_v * length, {lipschitz: 1, near: L_v})
within = step("perturbation", norm(e), "<=", Lambda * length, {pushed: 1, bounded: length})
