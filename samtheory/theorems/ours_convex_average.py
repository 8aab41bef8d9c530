"""Convex f_i, without PL, Unified SAM: the mean of the gaps, any lam."""

from dataclasses import replace

from . import ours_convex as pl

theorem = replace(
    pl.theorem,
    key="ours/convex-average",
    title="convex f_i, constant steps: the mean of the gaps, any λ",
    assumptions=("smooth", "convex-components", "minimiser", "ES"),
    measure="avg_gap",
    sees="point",
    statement="(1/T) Σ_{t<T} E f(x_t) − f* ≤ R₀²/(2γcT) + (2(γ + aΛρ²)σ*² + λΛρ²)/(2c), c, γ as in ours/convex",
)
