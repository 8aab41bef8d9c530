"""Convex and PL, USAM with the full gradient: as `ours_usam_convex`, with PL at the next point too, for every rho.

By cocoercivity ||grad f(x) - L gamma grad f(y)|| <= Pi ||grad f(x)|| for Pi = max {1 - L gamma, L gamma (1 + nu) - 1},
and for convex f the bonus of `forms.bonus` is twice as large.
"""

from dataclasses import replace

from . import ours_usam_convex as before
from . import ours_usam_next as non_convex
from .forms.bonus import CONVEX, root_rate
from .ours_usam_deterministic import nu
from .ours_usam_next import t
from .symbols import largest

Pi = largest(1 - t, t - 1 + t * nu)

theorem = replace(
    non_convex.theorem,
    key="ours/usam-convex-next",
    sees="direction",
    title="convex, PL, full batch, USAM: PL at the next point too, any rho",
    assumptions=before.theorem.assumptions,
    statement=(
        "δ_t ≤ (mp + √d)^{2t} (1 + m)^{−2t} δ₀ for γ ≤ 2/(L(1 + Lρ)), m = μ/L, p = max{1 − Lγ, Lγ(1 + Lρ) − 1},"
        " d = (mp)² + 1 − m²"
    ),
    rho_max=before.theorem.rho_max,
    rho_usual=before.theorem.rho_usual,
    gamma_usual=before.theorem.gamma_usual,
    growth=root_rate(Pi, CONVEX) ** 2 - 1,
)
