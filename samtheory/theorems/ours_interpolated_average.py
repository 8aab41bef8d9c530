"""Convex f_i with a common minimiser, without PL, any lam: the mean of the gaps falls like 1/T."""

from dataclasses import replace

from . import ours_interpolated as pl

theorem = replace(
    pl.theorem,
    key="ours/interpolated-average",
    title="convex f_i, interpolation, any λ, constant steps: the mean of the gaps",
    assumptions=("smooth", "convex-components", "interpolation", "minimiser"),
    measure="avg_gap",
    sees="point",
    statement="(1/T) Σ_{t<T} E f(x_t) − f* ≤ R₀²/(2γcT) + λΛ₁ρ²/(2c) for γ ≤ 1/Λ, c = 1 − aΛ²ρ² > 0",
)
