"""PL, full batch, any lam_t: a neighbourhood of order rho^2.

For gamma <= 1/L, delta+ <= delta - (gamma/2) (||grad f||^2 - ||grad f(y) - grad f(x)||^2) by the descent lemma, and
||grad f(y) - grad f(x)||^2 <= L^2 rho^2 (a ||grad f|| + lam)^2 <= L^2 rho^2 (a ||grad f||^2 + lam) by Jensen.  For
lam = 1 it holds whatever the direction of the perturbation, and no constant of L^2 rho^2 below 1 will do.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import L, a, gamma, lam, rho

#: Half of rho_max of Corollary 3.4.
rho_paper = 1 / (2 * L * (1 + 2 * a**2))

theorem = Descent(
    key="ours/sam-deterministic",
    title="PL, full batch, any schedule of lam: a neighbourhood of order ρ²",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    sees="length",
    statement="δ+ ≤ (1 − γμ(1 − aL²ρ²)) δ + γλL²ρ²/2 for γ ≤ 1/L, aL²ρ² < 1; N = λL²ρ²/(2μ(1 − aL²ρ²))",
    varying_lam=True,
    rho_max=1 / (L * sp.sqrt(a)),
    gamma_max=1 / L,
    rho_usual=rho_paper,
    descent=gamma / 2 * (1 - a * (L * rho) ** 2),
    noise=gamma / 2 * lam * (L * rho) ** 2,
)
