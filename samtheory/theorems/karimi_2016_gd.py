"""PL, gradient descent (rho = 0): Karimi, Nutini & Schmidt (2016), Theorem 1."""

import sympy as sp

from .base import ConstantSteps
from .symbols import L, gamma, mu

theorem = ConstantSteps(
    key="karimi-2016/gd",
    title="PL, gradient descent",
    source="Karimi, Nutini & Schmidt, ECML 2016, Theorem 1",
    status="as remembered",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    sees="nothing",
    statement="δ_t ≤ (1 − γμ(2 − Lγ))^t δ₀ for ρ = 0, γ ≤ 1/L; (1 − μ/L)^t at γ = 1/L",
    closed=True,
    only=0.0,
    rho_max=sp.Integer(0),
    gamma_max=1 / L,
    contraction=1 - gamma * mu * (2 - L * gamma),
    noise=sp.Integer(0),
)
