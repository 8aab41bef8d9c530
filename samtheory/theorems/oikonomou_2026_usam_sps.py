"""Convex f_i with a common minimiser, PL, USAM with Polyak steps (`methods.polyak`), any sampling.

As `oikonomou_2026_usam_ps` with f_v, Lambda and (1/n) sum v_i f_i_inf = f_v(x*) in the place of f, L and f*.  Their
theorem has E[f_v(x*) - l_v] in a neighbourhood, which is 0 here.
"""

from dataclasses import replace

from . import oikonomou_2026_usam_ps as full
from .symbols import L, Lambda, gamma

theorem = replace(
    full.theorem,
    key="oikonomou-2026/usam-sps",
    title="convex f_i, interpolation, PL, USAM with Polyak steps: the distance to the solutions",
    source="Oikonomou & Loizou 2026, arXiv 2606.01827, USAM-SPS, interpolation (constants re-derived)",
    assumptions=("smooth", "PL", "convex-components", "interpolation", "minimiser"),
    statement=(
        "E‖x_t − x*‖² ≤ (1 − μα(1 − Λ²ρ²)/2)^t R₀² for Λρ < 1, steps min{N/‖h‖², γ}, α = min{γ, (1 − Λρ)/(2Λ(1 + Λρ))}"
    ),
    rho_max=full.theorem.rho_max.subs(L, Lambda),
    gamma_usual=1 / Lambda,
    descent=full.theorem.descent.subs(L, Lambda),
    noise=0 * gamma,
)
