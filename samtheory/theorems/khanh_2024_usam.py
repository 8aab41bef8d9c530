"""PL, full batch, USAM as inexact gradient descent: Khanh et al. (NeurIPS 2024).

With nu = L rho < 1 and gamma <= (2 - 2 nu - d)/(L (1 + nu)^2), f(x+) <= f - (gamma d/2) ||grad f||^2; here d is as
large as gamma allows.  `ours_usam_deterministic` allows larger steps and gains more from each.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import L, gamma, rho

nu = L * rho

theorem = Descent(
    key="khanh-2024/usam",
    title="PL, full batch, USAM, constant steps",
    source="Khanh, Luong, Mordukhovich & Tran, NeurIPS 2024 (rule as remembered, re-derived)",
    status="as remembered",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    sees="length",
    statement="f(x+) ≤ f(x) − (γd/2)‖∇f(x)‖² for Lρ < 1, d = 2 − 2Lρ − Lγ(1 + Lρ)² > 0",
    only=0.0,
    rho_max=1 / L,
    gamma_max=2 * (1 - nu) / (L * (1 + nu) ** 2),
    gamma_usual=(1 - nu) / (L * (1 + nu) ** 2),
    descent=gamma * (1 - nu) - L * gamma**2 * (1 + nu) ** 2 / 2,
    noise=sp.Integer(0),
)
