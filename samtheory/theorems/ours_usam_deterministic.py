"""PL, USAM with the full gradient: the descent lemma at its worst perturbation, exact for smooth f, not for PL f.

With nu = L rho < 1, f(x+) <= f(x) - c ||grad f(x)||^2, where c is the smaller value of gamma s (1 - L gamma s/2) at
s = 1 - nu and s = 1 + nu: the first for gamma <= 1/L, the second for gamma >= 1/L.  No larger c holds for all L-smooth
f, and c > 0 for every gamma < 2/(L (1 + nu)), the stability limit of quadratics.
Proof: <grad f, grad f(y) - grad f(x)> >= -nu ||grad f||^2 in the descent lemma, which is affine in it.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import L, gamma, rho, smallest

nu = L * rho


def gained(s: sp.Expr) -> sp.Expr:
    """What a step gains if grad f(y) = s grad f(x), in units of ||grad f||^2."""
    return gamma * s * (1 - L * gamma * s / 2)


theorem = Descent(
    key="ours/usam-deterministic",
    title="PL, full batch, USAM: the descent lemma at its worst perturbation",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    sees="length",
    statement=(
        "δ_t ≤ (1 − 2μc)^t δ₀ for Lρ < 1, γ ≤ 2/(L(1 + Lρ)),"
        " c = γ min{(1 − Lρ)(1 − Lγ(1 − Lρ)/2), (1 + Lρ)(1 − Lγ(1 + Lρ)/2)}"
    ),
    only=0.0,
    rho_max=1 / L,
    gamma_max=2 / (L * (1 + nu)),
    gamma_usual=1 / L,
    descent=smallest(gained(1 - nu), gained(1 + nu)),
    noise=sp.Integer(0),
)
