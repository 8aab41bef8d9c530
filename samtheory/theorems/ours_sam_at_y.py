"""PL, full batch, any lam_t: as `ours_sam_deterministic`, with PL at y = x + p as well.

For gamma <= 1/L the descent lemma leaves -(gamma/2)(1 - L gamma) ||grad f(y)||^2, which PL at y turns into f(y) - f*,
and f(y) - f* >= delta + rho a ||grad f||^2 - (L/2) ||p||^2.  What counts is

    B = 1 - a nu^2 + a (1 - L gamma) (mu/L) nu (2 - nu),  nu = L rho,

which is positive for every gamma <= 1/L where nu is below both limits of rho_max: 1/sqrt(a), which is the smaller one
for a >= 1/4, and the root of B at gamma = 0.  Rate and neighbourhood are never worse than those of
`ours_sam_deterministic`, and the same at gamma = 1/L.
"""

import sympy as sp

from .forms.descent import Descent
from .ours_sam_deterministic import rho_paper
from .symbols import L, a, gamma, lam, mu, rho, smallest

nu, rest = L * rho, 1 - L * gamma
B = 1 - a * nu**2 + a * rest * mu / L * nu * (2 - nu)
#: L nu is below this root of B at gamma = 0.
root = (sp.sqrt(a) * mu + sp.sqrt(a * mu**2 + L * (L + mu))) / (sp.sqrt(a) * (L + mu))

theorem = Descent(
    key="ours/sam-at-y",
    title="PL, full batch, any schedule of lam: PL at the perturbed point too",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    statement=(
        "δ_t ≤ (1 − γμr)^t δ₀ + λL²ρ²(1 + (1 − Lγ)μ/L)/(2μr) for γ ≤ 1/L, r = 2 − Lγ − aL²ρ² + a(1 − Lγ)μρ(2 − Lρ)"
    ),
    varying_lam=True,
    rho_max=smallest(1 / (L * sp.sqrt(a)), root / L),
    gamma_max=1 / L,
    rho_usual=rho_paper,
    growth=-gamma * mu * rest,
    descent=gamma / 2 * B,
    noise=gamma / 2 * lam * nu**2 * (1 + rest * mu / L),
)
