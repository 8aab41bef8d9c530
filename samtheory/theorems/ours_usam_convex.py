"""Convex and PL, USAM with the full gradient: the descent lemma at its worst perturbation, for every rho.

f(x+) <= f(x) - c ||grad f(x)||^2, where c is the smaller of gamma s (1 - L gamma s/2) at s = 1 and s = 1 + L rho.
Proof: by cocoercivity ||h - g||^2 <= L rho <g, h - g> for g = grad f(x), h = grad f(y).
"""

from dataclasses import replace

import sympy as sp

from . import ours_usam_deterministic as non_convex
from .ours_usam_deterministic import gained, nu
from .symbols import L, smallest

theorem = replace(
    non_convex.theorem,
    key="ours/usam-convex",
    sees="direction",
    title="convex, PL, full batch, USAM: the descent lemma at its worst perturbation, any rho",
    assumptions=("smooth", "PL", "convex", "full-batch"),
    statement=("δ_t ≤ (1 − 2μc)^t δ₀ for γ ≤ 2/(L(1 + Lρ)), c = γ min{1 − Lγ/2, (1 + Lρ)(1 − Lγ(1 + Lρ)/2)}"),
    rho_max=sp.oo,
    rho_usual=1 / (2 * L),
    gamma_usual=2 / (L * (2 + nu)),
    descent=smallest(gained(sp.Integer(1)), gained(1 + nu)),
)
