"""Convex and PL, full batch, constant steps: a neighbourhood of order gamma rho^2.

With g = ||grad f||, u = 1 + a L rho and gamma <= 1/(L u), both branches of `ours_deterministic_convex` are at most
-gamma (1 - L gamma/2) g^2 + L gamma^2 (lam L rho)^2/2: gamma s (1 - L gamma s/2) grows with s up to 1/(L gamma) >= u.
"""

import sympy as sp

from .forms.descent import Descent
from .ours_sam_deterministic import rho_paper
from .symbols import L, a, gamma, lam, rho

theorem = Descent(
    key="ours/sam-convex",
    title="convex, PL, full batch, any schedule of lam: a neighbourhood of order γρ²",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex", "full-batch"),
    measure="gap",
    statement="δ+ ≤ (1 − γμ(2 − Lγ)) δ + L³γ²λ²ρ²/2 for γ ≤ 1/(L(1 + aLρ)); N = γL³λ²ρ²/(2μ(2 − Lγ))",
    varying_lam=True,
    rho_max=sp.oo,
    gamma_max=1 / (L * (1 + a * L * rho)),
    rho_usual=rho_paper,
    descent=gamma * (1 - L * gamma / 2),
    noise=L * gamma**2 / 2 * (lam * L * rho) ** 2,
)
