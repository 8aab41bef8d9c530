"""PL, USAM with the full gradient: as `ours_usam_deterministic`, with PL at the next point too.

||grad f(x) - L gamma grad f(y)|| <= Pi ||grad f(x)|| for Pi = |1 - L gamma| + L gamma nu, nu = L rho, which is below 1
for every gamma < 2/(L (1 + nu)).  The contraction factor is that of `forms.bonus`, below the one without it for
Pi < 1 and mu < L.  At rho = 0, gamma = 1/L it is (2 kappa - 2)/(2 kappa + 1), kappa = L/mu, of gradient descent.
"""

import sympy as sp

from .forms.bonus import SMOOTH, root_rate
from .forms.descent import Descent
from .ours_usam_deterministic import nu
from .symbols import L, gamma, largest

t = L * gamma
#: |1 - t| + t nu.
Pi = largest(1 - t + t * nu, t - 1 + t * nu)

theorem = Descent(
    key="ours/usam-next",
    title="PL, full batch, USAM: PL at the next point too",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    sees="length",
    statement=(
        "δ_t ≤ (mp + √d)^{2t} (1 + m)^{−2t} δ₀ for Lρ < 1, γ ≤ 2/(L(1 + Lρ)), m = μ/(2L), p = |1 − Lγ| + L²γρ,"
        " d = (mp)² + (1 + m)(1 − 2m + mp²)"
    ),
    only=0.0,
    rho_max=1 / L,
    gamma_max=2 / (L * (1 + nu)),
    gamma_usual=1 / L,
    growth=root_rate(Pi, SMOOTH) ** 2 - 1,
    descent=sp.Integer(0),
    noise=sp.Integer(0),
)
