"""Strongly convex, SGD (rho = 0), constant steps: Gower et al. (ICML 2019), Theorem 3.1.

E||x+ - x*||^2 <= (1 - gamma mu) ||x - x*||^2 - 2 gamma (1 - 2 gamma Lcal) delta + 2 gamma^2 sigma2, from
<grad f, x - x*> >= delta + (mu/2) ||x - x*||^2 and E||g||^2 <= 4 Lcal delta + 2 sigma2.
"""

import sympy as sp

from .base import ConstantSteps
from .symbols import Lcal, gamma, mu, sigma2

theorem = ConstantSteps(
    key="gower-2019/3.1",
    title="strongly convex, SGD, constant steps: the distance to the solution",
    source="Gower, Loizou, Qian, Sailanbayev, Shulgin & Richtárik, ICML 2019, Theorem 3.1",
    status="paper",
    assumptions=("smooth", "PL", "strongly-convex", "minimiser", "ES"),
    measure="distance2",
    sees="nothing",
    statement="E‖x_t − x*‖² ≤ (1 − γμ)^t R₀² + 2γσ*²/μ for ρ = 0, γ ≤ 1/(2ℒ)",
    closed=True,
    only=0.0,
    lyapunov="distance2",
    rho_max=sp.Integer(0),
    gamma_max=1 / (2 * Lcal),
    contraction=1 - gamma * mu,
    noise=2 * gamma**2 * sigma2,
)
