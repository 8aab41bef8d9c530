"""Non-convex, Unified SAM: the smallest expected gradient norm, with an explicit number of steps.

With K = (5/4) a Lambda^2 rho^2 + L gamma, gamma <= 1/(4L) and K B <= 1/4,

    E delta+ <= (1 + 2 gamma K A) delta - gamma (3/4 - K B) ||grad f||^2 + gamma (K C + (5/4) lam Lambda^2 rho^2).

Proof: -<grad f, h - g> <= ||grad f||^2/4 + ||h - g||^2, ||h||^2 <= 2 ||g||^2 + 2 ||h - g||^2 and
E||h - g||^2 <= Lambda^2 rho^2 (a E||g||^2 + lam).
"""

import sympy as sp

from .forms.explicit import ExplicitSteps, T
from .symbols import A, B, C, L, Lambda, a, delta0, epsilon, gamma, lam, largest, rho

quarter = sp.Rational(1, 4)
kappa = 5 * quarter * a * (Lambda * rho) ** 2
K = kappa + L * gamma

horizon = 12 * delta0 * L / epsilon**2 * largest(4, 8 * B, 48 * delta0 * A / epsilon**2, 16 * C / epsilon**2)
gamma_caps = (1 / (4 * L), 1 / (8 * L * B), 1 / (2 * sp.sqrt(L * A * T)), epsilon**2 / (16 * L * C))
rho_caps = (sp.sqrt(4 * L * gamma / (5 * Lambda**2 * a)), epsilon / (Lambda * sp.sqrt(10 * lam)))


theorem = ExplicitSteps(
    key="ours/non-convex-explicit",
    title="non-convex, constant steps: smallest expected gradient norm, explicit number of steps",
    source="this project",
    status="ours",
    assumptions=("smooth", "ER"),
    measure="min_grad2",
    sees="length",
    statement="min_{t<T} E‖∇f(x_t)‖ ≤ ε for T ≥ (12δ₀L/ε²) max{4, 8B, 48δ₀A/ε², 16C/ε²}",
    rho_max=1 / (Lambda * sp.sqrt(5 * a * B)),
    # Half of the largest, or that of Theorem 3.7 if it is smaller.
    rho_usual=1 / (2 * Lambda * largest(2 * (1 + 2 * B * a**2), sp.sqrt(5 * a * B))),
    gamma_max=(quarter - B * kappa) / (L * largest(B, 1 - 4 * B * kappa)),
    growth=2 * gamma * K * A,
    descent=gamma * (3 * quarter - K * B),
    noise=gamma * (K * C + 5 * quarter * lam * (Lambda * rho) ** 2),
    horizon=horizon,
    gamma_caps=gamma_caps,
    rho_caps=rho_caps,
)
