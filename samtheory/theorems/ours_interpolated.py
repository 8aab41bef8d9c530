"""Convex f_i with a common minimiser, PL, any lam: the distance to the solutions.

As `ours_convex` with g* = 0, where gamma <= 1/Lambda is enough and ||e||^2 <= rho^2 (a ||g||^2 + lam) with
||g||^2 <= 2 Lambda (f_v - f_v*).  The constant part of ||e||^2 counts with L_v, so that its mean has E L_v = Lambda1.
For lam = 0 there is no neighbourhood; otherwise that of the mean of the gaps is free of L/mu.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import Lambda, Lambda1, a, gamma, lam, rho

theorem = Descent(
    key="ours/interpolated",
    title="convex f_i, interpolation, PL, any λ, constant steps: the distance to the solutions",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex-components", "interpolation", "minimiser"),
    measure="distance2",
    sees="point",
    statement="E‖x_t − x*‖² ≤ (1 − γμc)^t R₀² + λΛ₁ρ²/(μc) for γ ≤ 1/Λ, c = 1 − aΛ²ρ² > 0",
    lyapunov="distance2",
    rho_max=1 / (Lambda * sp.sqrt(a)),
    rho_usual=1 / (2 * Lambda),
    gamma_max=1 / Lambda,
    descent=2 * gamma * (1 - a * (Lambda * rho) ** 2),
    noise=gamma * lam * Lambda1 * rho**2,
)
