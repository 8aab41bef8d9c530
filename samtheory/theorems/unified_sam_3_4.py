"""PL, full batch: USAM converges to the solution, lam > 0 to a neighbourhood.

Oikonomou & Loizou (ICLR 2025), Corollary 3.4: Theorem 3.2 at A = C = 0, B = 1 and Lambda = L.
"""

from . import unified_sam_3_2 as stochastic
from .base import ConstantSteps
from .symbols import A, B, C, L, Lambda

full_batch = {A: 0, B: 1, C: 0, Lambda: L}

theorem = ConstantSteps(
    key="unified-sam/3.4",
    title="PL, full batch, constant steps",
    source="Oikonomou & Loizou, ICLR 2025, arXiv 2503.02225, Corollary 3.4",
    status="paper",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    sees="length",
    statement="f(x_t) − f* ≤ (1 − γμ)^t δ₀ + N (1 − (1 − γμ)^t), N = (L/μ) λ²ρ (1 + 2γL²ρ)",
    rho_max=stochastic.rho_max.subs(full_batch),
    gamma_max=stochastic.gamma_max.subs(full_batch),
    contraction=stochastic.contraction,
    noise=stochastic.noise.subs(full_batch),
)
