"""PL, interpolation, USAM, constant steps: Shin, Lee, Andriushchenko & Lee (UAI 2025), Theorems 6.6 and H.3.

In their notation alpha = 2 mu, beta = Lambda, lambda = L, and kappa_B = k/2 with k = B + A/mu, which for batches drawn
with replacement is their (1/B)((B - 1)/2 + beta/alpha); 6.6 is the batch of one.  Their step is gamma_usual, and (18)
covers every other.  One step, with E||g||^2 <= k ||grad f||^2 and ||h - g|| <= Lambda rho ||g||:
E delta+ <= delta - gamma (1 - (k + 1) Lambda rho/2) ||grad f||^2 + (L gamma^2/2) k (1 + Lambda rho)^2 ||grad f||^2.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import C, L, Lambda, gamma, k, rho

slope = 1 - (k + 1) * Lambda * rho / 2
bend = L * k * (1 + Lambda * rho) ** 2


theorem = Descent(
    key="shin-2025/H.3",
    title="PL, interpolation, USAM, constant steps",
    source="Shin, Lee, Andriushchenko & Lee, UAI 2025, Theorems 6.6 and H.3",
    status="paper",
    assumptions=("smooth", "PL", "ER", "interpolation"),
    measure="gap",
    sees="mean",
    statement="E δ_t ≤ (1 − γμ(1 − (k + 1)Λρ/2))^t δ₀ at γ = (1 − (k + 1)Λρ/2)/(Lk(1 + Λρ)²), k = B + A/μ, C = 0",
    only=0.0,
    rho_max=2 / ((k + 1) * Lambda),
    gamma_max=2 * slope / bend,
    gamma_usual=slope / bend,
    descent=gamma * slope - gamma**2 * bend / 2,
    noise=0 * gamma,
    # Interpolation alone does not imply it: the residual may trade A for C.
    requires=((C, sp.Integer(0)),),
    instead="use unified-sam/3.2",
)
