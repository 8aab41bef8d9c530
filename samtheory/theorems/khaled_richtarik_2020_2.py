"""Non-convex, SGD (rho = 0), constant steps: Khaled & Richtárik (2020), Theorem 2 and Corollary 1 (re-derived).

For gamma <= 1/(L B), E delta+ <= (1 + L A gamma^2) delta - (gamma/2) ||grad f||^2 + L C gamma^2/2; telescoped with the
weights (1 + L A gamma^2)^-t, which is the bound below before its last step W_T >= T (1 + L A gamma^2)^-T.
"""

import sympy as sp

from .forms.explicit import ExplicitSteps, T
from .symbols import A, B, C, L, delta0, epsilon, gamma, largest

theorem = ExplicitSteps(
    key="khaled-richtarik-2020/2",
    title="non-convex, SGD, constant steps: smallest expected gradient norm",
    source="Khaled & Richtárik 2020, Theorem 2 and Corollary 1 (re-derived)",
    status="as remembered",
    assumptions=("smooth", "ER"),
    measure="min_grad2",
    sees="nothing",
    statement="min_{t<T} E‖∇f(x_t)‖² ≤ 2(1 + LAγ²)^T δ₀/(γT) + LCγ for ρ = 0, γ ≤ 1/(LB)",
    closed=True,
    only=0.0,
    rho_max=sp.Integer(0),
    gamma_max=1 / (L * B),
    gamma_usual=1 / (6 * L * sp.Max(B, 1)),
    growth=L * A * gamma**2,
    descent=gamma / 2,
    noise=L * C * gamma**2 / 2,
    horizon=12 * delta0 * L / epsilon**2 * largest(B, 12 * delta0 * A / epsilon**2, 2 * C / epsilon**2),
    gamma_caps=(1 / sp.sqrt(L * A * T), 1 / (L * B), epsilon**2 / (2 * L * C)),
)
