"""Strongly convex, full batch, any lam: the distance to the solution.

For gamma <= 1/L, with K = L - (1 - L gamma) mu, w = x - x* and s = ||y - x||,

    ||w+||^2 <= (1 - gamma mu (1 - L gamma)) ||w||^2 - 2 gamma delta + gamma K s^2

by smoothness from y to x, cocoercivity and strong convexity from y to x*, and <grad f, w> >= 0; s^2 is at most
rho^2 (a ||grad f||^2 + lam), and ||grad f||^2 at most 2 L delta.
"""

import sympy as sp

from .forms.descent import Descent
from .ours_sam_deterministic import rho_paper
from .symbols import L, a, gamma, lam, mu, rho

rest = 1 - L * gamma
K = L - rest * mu
c = 1 - a * L * K * rho**2

theorem = Descent(
    key="ours/sam-strongly-convex",
    title="strongly convex, full batch, any λ: the distance to the solution",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex", "strongly-convex", "full-batch", "minimiser"),
    measure="distance2",
    statement=(
        "‖x_t − x*‖² ≤ (1 − γμ(1 − Lγ + c))^t R₀² + λKρ²/(μ(1 − Lγ + c)) for γ ≤ 1/L, K = L − (1 − Lγ)μ,"
        " c = 1 − aLKρ² > 0"
    ),
    lyapunov="distance2",
    rho_max=1 / (L * sp.sqrt(a)),
    rho_usual=rho_paper,
    gamma_max=1 / L,
    growth=-gamma * mu * rest,
    descent=2 * gamma * c,
    noise=gamma * lam * K * rho**2,
)
