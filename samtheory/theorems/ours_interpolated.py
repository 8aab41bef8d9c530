"""Convex f_i with a common minimiser, PL, USAM: the distance to the solutions.

As `ours_convex` with g* = 0, where gamma <= 1/Lambda is enough and
||e||^2 = rho^2 ||g||^2 <= 2 Lambda rho^2 (f_v - f_v*).
"""

from .forms.descent import Descent
from .symbols import Lambda, gamma, rho

theorem = Descent(
    key="ours/interpolated",
    title="convex f_i, interpolation, PL, USAM, constant steps: the distance to the solutions",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "convex-components", "interpolation", "minimiser"),
    measure="distance2",
    sees="point",
    statement="E‖x_t − x*‖² ≤ (1 − γμ(1 − Λ²ρ²))^t R₀² for Λρ < 1, γ ≤ 1/Λ",
    lyapunov="distance2",
    only=0.0,
    rho_max=1 / Lambda,
    gamma_max=1 / Lambda,
    descent=2 * gamma * (1 - (Lambda * rho) ** 2),
    noise=0 * gamma,
)
