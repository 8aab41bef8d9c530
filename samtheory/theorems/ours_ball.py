"""PL, bounded variance, any perturbation no longer than rho: SAM and its variants.

y = x + e with ||e|| <= rho, where e may depend on the draw and on the past: SAM (lam = 1), VaSSO, sparse SAM, SAM on
some layers only, preconditioned balls inside the Euclidean one.  With l >= L, Lambda and gamma <= 1/(4 l),

    E f(x+) <= f - (gamma/4) ||grad f||^2 + gamma l^2 rho^2/2 + l gamma^2 (C + l^2 rho^2).

`ours_tight` is never worse at any t, and covers the same methods without bounded variance: the member of
`ours_3_2_plus` at theta = q = 1 has the same contraction and the noise
gamma (rho^2 Lambda1^2/2 + L gamma (C + rho^2 Lambda2^2)).

Proof: ||h - g|| <= l rho pathwise; -<grad f, E h> <= -||grad f||^2/2 + l^2 rho^2/2, and
E||h||^2 <= 2 E||g||^2 + 2 l^2 rho^2 with E||g||^2 <= ||grad f||^2 + C.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import C, L, Lambda, gamma, rho

smooth = sp.Max(L, Lambda)

theorem = Descent(
    key="ours/ball",
    title="PL, bounded variance, any perturbation of length at most ρ, constant steps; ours/tight is never worse",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER", "bounded-variance"),
    measure="gap",
    sees="length",
    statement="E δ_t ≤ (1 − γμ/2)^t δ₀ + (l²ρ² + 2lγ(C + l²ρ²))/μ for γ ≤ 1/(4l), l = max{L, Λ}",
    only=1.0,
    rho_max=sp.oo,
    rho_usual=1 / (2 * Lambda),
    gamma_max=1 / (4 * smooth),
    descent=gamma / 4,
    noise=gamma * (smooth * rho) ** 2 / 2 + smooth * gamma**2 * (C + (smooth * rho) ** 2),
)
