"""Convex, full batch, without PL, USAM with Polyak steps: the mean of the gaps falls like 1/T."""

from dataclasses import replace

from . import oikonomou_2026_usam_ps as pl
from .symbols import L

theorem = replace(
    pl.theorem,
    key="oikonomou-2026/usam-ps-average",
    title="convex, full batch, USAM with Polyak steps: the mean of the gaps",
    assumptions=("smooth", "convex", "full-batch", "minimiser"),
    source="Oikonomou & Loizou 2026, arXiv 2606.01827, USAM-PS (constants re-derived)",
    measure="avg_gap",
    statement=(
        "(1/T) Σ_{t<T} f(x_t) − f* ≤ R₀²/(α(1 − L²ρ²)T) for Lρ < 1, steps min{N/‖h‖², γ},"
        " α = min{γ, (1 − Lρ)/(2L(1 + Lρ))}"
    ),
    gamma_usual=1 / L,
)
