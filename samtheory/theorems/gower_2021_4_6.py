"""PL, SGD (rho = 0), constant steps: Gower, Sebbouh & Loizou (AISTATS 2021), Theorem 4.6 (bound re-derived).

Their expected residual is `Constants.R`: E||g - g* - grad f||^2 <= 2R (f - f*), so A = 2R, B = 1, C = 2 sigma2.
"""

import sympy as sp

from .base import ConstantSteps
from .symbols import L, R, gamma, mu, sigma2

theorem = ConstantSteps(
    key="gower-2021/4.6",
    title="PL, SGD, constant steps",
    source="Gower, Sebbouh & Loizou, AISTATS 2021, Theorem 4.6 (bound re-derived)",
    status="paper",
    assumptions=("smooth", "PL", "minimiser", "ES"),
    measure="gap",
    sees="nothing",
    statement="E δ_t ≤ (1 − γμ)^t δ₀ + Lγσ*²/μ for ρ = 0, γ ≤ μ/(L(μ + 2R))",
    closed=True,
    only=0.0,
    rho_max=sp.Integer(0),
    gamma_max=mu / (L * (mu + 2 * R)),
    contraction=1 - gamma * mu,
    noise=L * gamma**2 * sigma2,
)
