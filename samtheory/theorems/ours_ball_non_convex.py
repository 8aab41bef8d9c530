"""Non-convex, bounded variance, any perturbation no longer than rho: the mean squared gradient."""

from dataclasses import replace

from . import ours_ball as pl

theorem = replace(
    pl.theorem,
    key="ours/ball-non-convex",
    title="non-convex, bounded variance, any perturbation of length at most ρ: the mean squared gradient norm",
    assumptions=("smooth", "ER", "bounded-variance"),
    measure="avg_grad2",
    sees="length",
    statement="(1/T) Σ_{t<T} E‖∇f(x_t)‖² ≤ 4δ₀/(γT) + 4lγC + (2 + 4lγ) l²ρ² for γ ≤ 1/(4l), l = max{L, Λ}",
)
