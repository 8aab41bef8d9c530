"""Statements about SAM-type methods that give no number to check here: rates up to constants, or asymptotic.

All as remembered, not read at the source: nothing in this file is used by any computation.
"""

from __future__ import annotations

from typing import NamedTuple


class Remembered(NamedTuple):
    """A statement that is listed and not computed.

    Attributes
    ----------
    key : as a theorem's
    source : paper
    statement : what it says, one Unicode line
    instead : the theorem of the catalogue that gives numbers in the same setting, "" if none does
    """

    key: str
    source: str
    statement: str
    instead: str = ""


REMEMBERED = (
    Remembered("foret-2021/sam", "Foret et al., ICLR 2021", "the method; a PAC-Bayes bound, no rate"),
    Remembered(
        "mi-2022/ssam", "Mi et al., NeurIPS 2022 (sparse SAM)",
        "non-convex, bounded gradients, γ_t, ρ_t ~ 1/√t: mean E‖∇f‖² = O(log T/√T) + mask error",
        "ours/ball-non-convex",
    ),
    Remembered(
        "zhuang-2022/gsam", "Zhuang et al., ICLR 2022 (GSAM)", "non-convex, γ_t, ρ_t ~ 1/√t: mean E‖∇f‖² = O(log T/√T)"
    ),
    Remembered(
        "li-2023/vasso", "Li & Giannakis, NeurIPS 2023 (VaSSO)",
        "non-convex, γ, ρ ~ 1/√T: mean E‖∇f‖² = O(σ²/√T)", "ours/ball-non-convex",
    ),
    Remembered(
        "sun-2023/adasam", "Sun et al. 2023, arXiv 2303.00565 (AdaSAM)",
        "non-convex, bounded gradients, batch b: mean E‖∇f‖² = O(1/√(bT))",
    ),
    Remembered(
        "zhang-2025/presam", "Zhang, Li & Giannakis 2025, arXiv 2501.06603 (preSAM, infoSAM)",
        "non-convex, bounded variance: O(1/√T); the preconditioned ball lies in a Euclidean one",
        "ours/ball-non-convex",
    ),
    Remembered(
        "harada-2024/gsam", "Harada & Iiduka 2024, arXiv 2409.09984",
        "GSAM, growing batches or decaying γ: min E‖∇f‖ ≤ ε, constants not given in closed form",
    ),
    Remembered(
        "si-2023/strongly-convex", "Si & Yun, NeurIPS 2023, arXiv 2306.09850",
        "full batch, SAM: f(x_T) − f* = Õ(exp(−μT/(2L)) δ₀ + L³ρ²/(μ²T²)), and no better in T", "ours/sam-convex",
    ),
    Remembered(
        "si-2023/non-convex", "Si & Yun, NeurIPS 2023, arXiv 2306.09850",
        "full batch, SAM: mean ‖∇f‖² = O(Lδ₀/T) + L²ρ², the last term unavoidable", "ours/sam-non-convex",
    ),
    Remembered(
        "si-2023/stochastic", "Si & Yun, NeurIPS 2023, arXiv 2306.09850",
        "bounded variance, SAM: an additive O(ρ²) is unavoidable, also where f is strongly convex", "ours/ball",
    ),
    Remembered(
        "khanh-2024/sam", "Khanh, Luong, Mordukhovich & Tran, NeurIPS 2024",
        "full batch, SAM, Σγ_k = ∞, γ_k ↓ 0, Σγ_kρ_k < ∞: ∇f(x_k) → 0, without a rate", "ours/sam-non-convex",
    ),
    Remembered(
        "bartlett-2022/cycle", "Bartlett, Long & Bousquet 2022",
        "convex quadratic, SAM: converges to the two-cycle ±γρL/(2 − γL) along the top eigenvector",
    ),
    Remembered(
        "behdin-2023/regression", "Behdin & Mazumder 2023", "least squares, SAM as a linear filter: bias, variance"
    ),
    Remembered(
        "tahmasebi-2024/universal", "Tahmasebi et al. 2024", "which sharpness is minimised, up to O(ρ²); no rate"
    ),
    Remembered(
        "mueller-2023/sam-on", "Mueller et al., NeurIPS 2023 (SAM-ON)",
        "perturbs normalisation layers only; no rate", "ours/ball-non-convex",
    ),
    Remembered(
        "gorbunov-2021/seg", "Gorbunov et al. 2021",
        "same-sample extragradient: linear to O(γσ*²/μ); USAM takes its first step backwards",
    ),
    Remembered(
        "choudhury-2023/speg", "Choudhury et al. 2023",
        "single-call extragradient under expected residual: linear to 24γσ*²/μ for γ ≤ min{μ/(18δ), 1/(4L)}",
    ),
    Remembered(
        "karimi-2016/sgd", "Karimi, Nutini & Schmidt, ECML 2016",
        "PL, E‖g‖² ≤ G² (no such PL function on all of ℝᵈ): LG²/(2kμ²) for γ_k = (2k+1)/(2μ(k+1)²)",
        "gower-2021/decreasing",
    ),
    Remembered(
        "necoara-2019/quasi", "Necoara, Nesterov & Glineur 2019",
        "quasi-strong convexity and quadratic growth of g(Ax): linear rates of gradient descent", "karimi-2016/gd",
    ),
)  # fmt: skip
