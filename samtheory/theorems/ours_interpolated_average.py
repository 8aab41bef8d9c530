"""Convex f_i with a common minimiser, without PL, USAM: the mean of the gaps falls like 1/T."""

from dataclasses import replace

from . import ours_interpolated as pl

theorem = replace(
    pl.theorem,
    key="ours/interpolated-average",
    title="convex f_i, interpolation, USAM, constant steps: the mean of the gaps",
    assumptions=("smooth", "convex-components", "interpolation", "minimiser"),
    measure="avg_gap",
    sees="point",
    statement="(1/T) Σ_{t<T} E f(x_t) − f* ≤ R₀²/(2γ(1 − Λ²ρ²)T) for Λρ < 1, γ ≤ 1/Λ",
)
