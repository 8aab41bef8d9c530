"""Non-convex, USAM with the full gradient: the mean squared gradient norm falls like 1/T."""

from dataclasses import replace

from . import ours_usam_deterministic as pl

theorem = replace(
    pl.theorem,
    key="ours/usam-non-convex",
    title="non-convex, full batch, USAM: the mean squared gradient norm",
    assumptions=("smooth", "full-batch"),
    measure="avg_grad2",
    sees="length",
    statement="(1/T) Σ_{t<T} ‖∇f(x_t)‖² ≤ δ₀/(cT), c as in ours/usam-deterministic",
)
