"""Strongly convex, full batch, SAM: Dai, Ahn & Sra (2023), Theorem 1, where it is true.

Proved for gamma <= 1/L (`ours_sam_convex` at lam = 1).  For 1/L < gamma < 2/L the formula is false on L x^2/2: at
L gamma = 1.2, L rho = 0.1 its limit is 7.5e-3/L, and SAM keeps to a cycle of gap 1.125e-2/L.
"""

from dataclasses import replace

from . import ours_sam_convex as proved

theorem = replace(
    proved.theorem,
    key="dai-2023/1",
    title="strongly convex, full batch, SAM, γ ≤ 1/L",
    source="Dai, Ahn & Sra, NeurIPS 2023, Theorem 1 (re-derived, for γ ≤ 1/L)",
    status="as remembered",
    assumptions=("smooth", "PL", "convex", "strongly-convex", "full-batch"),
    statement="δ_t ≤ (1 − γμ(2 − Lγ))^t δ₀ + γL³ρ²/(2μ(2 − Lγ)) for γ ≤ 1/L",
    varying_lam=False,
    only=1.0,
)
