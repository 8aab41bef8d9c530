"""Convex f_i, PL, Unified SAM: the distance to the solutions, any lam.

With every f_v convex and Lambda-smooth, y = x + e, h = g_v(y), g* = g_v(x*):

    <h, x - x*> >= f_v(x) - f_v(x*) - (Lambda/2) ||e||^2 + ||h - g*||^2/(2 Lambda)

and, for gamma <= 1/(2 Lambda), gamma^2 ||h||^2 <= gamma ||h - g*||^2/Lambda + 2 gamma^2 ||g*||^2.  The mean of
||e||^2 <= rho^2 (a ||g||^2 + lam) is at most rho^2 (a (4 Lcal delta + 2 sigma2) + lam).  rho = 0 is Theorem 3.1 of
Gower et al. (2019) with Lambda for Lcal.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import Lambda, Lcal, a, gamma, lam, rho, sigma2

# Expected smoothness with Lambda comes with convexity.
shrunk = 1 - 2 * a * Lambda * sp.Min(Lcal, Lambda) * rho**2

theorem = Descent(
    key="ours/convex",
    title="convex f_i, PL, constant steps: the distance to the solutions, any λ",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex-components", "minimiser", "ES"),
    measure="distance2",
    sees="point",
    statement="E‖x_t − x*‖² ≤ (1 − γμc)^t R₀² + (2(γ + aΛρ²)σ*² + λΛρ²)/(μc), c = 1 − 2aΛρ² min{ℒ, Λ} > 0, γ ≤ 1/(2Λ)",
    lyapunov="distance2",
    rho_max=1 / sp.sqrt(2 * a * Lambda * sp.Min(Lcal, Lambda)),
    rho_usual=1 / (4 * Lambda),
    gamma_max=1 / (2 * Lambda),
    descent=2 * gamma * shrunk,
    noise=2 * gamma * (gamma + a * Lambda * rho**2) * sigma2 + gamma * lam * Lambda * rho**2,
)
