"""PL, interpolation, USAM, constant steps: the exact rate of strong growth E||g||^2 <= k ||grad f||^2, k = B + A/mu.

With t = rho Lambda2 sqrt(k) the master inequality at lam = 0 and C = 0 is

    E delta+ <= delta - gamma (1 - t) ||grad f||^2 + (L gamma^2/2) k (1 + Lambda rho)^2 ||grad f||^2,

whatever the direction of the perturbation, and gamma = (1 - t)/(L k (1 + Lambda rho)^2) is the best step.  It allows
every rho with t < 1, twice those of `ours_3_2_plus`, and is never worse than Shin et al. (UAI 2025), whose
(k + 1) Lambda rho/2 is at least t.  rho = 0 is the rate 1 - mu/(L k) of SGD under strong growth (Vaswani, Bach &
Schmidt 2019).
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import C, L, Lambda, Lambda2, gamma, k, rho

slope = 1 - rho * Lambda2 * sp.sqrt(k)
bend = L * k * (1 + Lambda * rho) ** 2


theorem = Descent(
    key="ours/strong-growth",
    title="PL, interpolation, USAM, constant steps: the rate of strong growth, linear for every ρ below 1/(Λ₂√k)",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER", "interpolation"),
    measure="gap",
    sees="mean",
    statement="E δ_t ≤ (1 − γμ(1 − ρΛ₂√k))^t δ₀ at γ = (1 − ρΛ₂√k)/(Lk(1 + Λρ)²), k = B + A/μ, C = 0",
    only=0.0,
    rho_max=1 / (Lambda2 * sp.sqrt(k)),
    gamma_max=2 * slope / bend,
    gamma_usual=slope / bend,
    descent=gamma * slope - gamma**2 * bend / 2,
    noise=0 * gamma,
    # Interpolation alone does not imply it: the residual may trade A for C.
    requires=((C, sp.Integer(0)),),
    instead="use ours/3.2+",
)
