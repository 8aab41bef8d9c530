"""Non-convex, full batch, any lam_t: the mean squared gradient norm, up to L^2 rho^2."""

from dataclasses import replace

from . import ours_sam_deterministic as pl

theorem = replace(
    pl.theorem,
    key="ours/sam-non-convex",
    title="non-convex, full batch, any schedule of lam: the mean squared gradient norm, up to L²ρ²",
    assumptions=("smooth", "full-batch"),
    measure="avg_grad2",
    sees="length",
    statement=(
        "(1/T) Σ_{t<T} ‖∇f(x_t)‖² ≤ (2δ₀/(γT) + λL²ρ²)/(1 − aL²ρ²) for γ ≤ 1/L, aL²ρ² < 1;"
        " with λ_t, (δ₀ + Σ_{t<T} r_t)/(T min_{t<T} s_t), r_t = γλ_tL²ρ²/2, s_t = γ(1 − (1 − λ_t)L²ρ²)/2"
    ),
)
