"""Convex, PL, full batch, USAM with Polyak steps (`methods.polyak`): Oikonomou & Loizou 2026.

With y = x + rho grad f, h = grad f(y), N = f(y) - f* - <h, y - x>, nu = L rho < 1 and x+ = x - min{N/||h||^2, gamma} h,

    ||x+ - x*||^2 <= ||x - x*||^2 - alpha (1 - nu^2) delta,    alpha = min{(1 - nu)/(2L(1 + nu)), gamma}.

Proof.  Convexity: <h, x - x*> >= N; so a step of t <= N/||h||^2 gives ||x+ - x*||^2 <= ||x - x*||^2 - t N.  Smoothness
and ||grad f||^2 <= 2 L delta: N >= delta - (L/2) rho^2 ||grad f||^2 >= (1 - nu^2) max{delta, ||grad f||^2/(2L)}; and
||h|| <= (1 + nu) ||grad f|| gives N/||h||^2 >= (1 - nu)/(2L(1 + nu)).

The paper has no cap.  One of 1/(2 mu), used where none is given, is never met: <h, y - x> >= 0 where f is convex, and
f(y) - f* <= ||h||^2/(2 mu).
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import L, gamma, mu, rho, smallest

nu = L * rho
alpha = smallest((1 - nu) / (2 * L * (1 + nu)), gamma)

theorem = Descent(
    key="oikonomou-2026/usam-ps",
    title="convex, PL, full batch, USAM with Polyak steps: the distance to the solutions",
    source="Oikonomou & Loizou 2026, arXiv 2606.01827, USAM-PS (with a cap; proof re-derived)",
    status="paper",
    assumptions=("smooth", "PL", "convex", "full-batch", "minimiser"),
    measure="distance2",
    statement=(
        "‖x_t − x*‖² ≤ (1 − μα(1 − L²ρ²)/2)^t R₀² for Lρ < 1, steps min{N/‖h‖², γ}, α = min{γ, (1 − Lρ)/(2L(1 + Lρ))}"
    ),
    lyapunov="distance2",
    only=0.0,
    method="polyak",
    rho_max=1 / L,
    gamma_max=sp.oo,
    gamma_usual=1 / (2 * mu),
    descent=alpha * (1 - nu**2),
    noise=0 * gamma,
)
