"""Non-convex, bounded variance, any perturbation no longer than rho: the mean squared gradient.

The master inequality at lam = 1 with sqrt(G) rho Lambda1 <= G/4 + (rho Lambda1)^2 and (u + w)^2 <= 2 u^2 + 2 w^2:

    E f(x+) <= f - gamma (3/4 - L gamma) G + gamma (rho Lambda1)^2 + L gamma^2 (C + (rho Lambda2)^2).

The one step of `ours_ball` adds up to 4 delta_0/(gamma T) + 4 l gamma C + (2 + 4 l gamma) (l rho)^2, never less.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import C, L, Lambda, Lambda1, Lambda2, gamma, rho

theorem = Descent(
    key="ours/ball-non-convex",
    title="non-convex, bounded variance, any perturbation of length at most ρ: the mean squared gradient norm",
    source="this project",
    status="ours",
    assumptions=("smooth", "ER", "bounded-variance"),
    measure="avg_grad2",
    sees="mean",
    statement="(1/T) Σ_{t<T} E‖∇f(x_t)‖² ≤ 2δ₀/(γT) + 2ρ²Λ₁² + 2Lγ(C + ρ²Λ₂²) for γ ≤ 1/(4L)",
    only=1.0,
    rho_max=sp.oo,
    rho_usual=1 / (2 * Lambda),
    gamma_max=1 / (4 * L),
    descent=gamma / 2,
    noise=gamma * (rho * Lambda1) ** 2 + L * gamma**2 * (C + (rho * Lambda2) ** 2),
)
