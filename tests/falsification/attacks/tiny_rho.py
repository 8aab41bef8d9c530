"""Gradient descent on a PL function: f(x_t) - f* <= (1 - gamma mu)^t delta_0 for gamma <= 1/L, at rho = 0."""

import sympy as sp

from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.symbols import L, gamma, mu

theorem = ConstantSteps(
    key="classic/gradient-descent",
    title="PL, full batch, gradient descent",
    source="Polyak 1963",
    status="as remembered",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    statement="f(x_t) − f* ≤ (1 − γμ)^t δ₀ for γ ≤ 1/L",
    rho_max=sp.Float(1e-6),
    gamma_max=1 / L,
    contraction=1 - gamma * mu,
    noise=sp.Integer(0),
)
