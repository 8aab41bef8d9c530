"""PL, constant steps: linear convergence to a neighbourhood.

Oikonomou & Loizou (ICLR 2025), Theorem 3.2, with L of f and Lambda of the sampled function.
"""

from .base import ConstantSteps
from .chain import nu
from .symbols import D, L, Lambda, a, gamma, mu, rho

rho_max = mu / (Lambda * (mu + 2 * D * a**2))
gamma_max = (mu - Lambda * rho * (mu + 2 * D * a**2)) / (2 * L * D * (1 + 2 * (Lambda * rho * a) ** 2))
contraction = 1 - gamma * mu
noise = nu
neighbourhood = noise / (gamma * mu)

theorem = ConstantSteps(
    key="unified-sam/3.2",
    title="PL, constant steps: linear rate to a neighbourhood",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Theorem 3.2",
    status="paper",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="length",
    statement="E f(x_t) − f* ≤ (1 − γμ)^t δ₀ + N (1 − (1 − γμ)^t), N = noise/(γμ), for ρ < ρ*, γ ≤ γ*(ρ)",
    rho_max=rho_max,
    gamma_max=gamma_max,
    contraction=contraction,
    noise=noise,
)
