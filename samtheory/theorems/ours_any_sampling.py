"""PL, SAM (lam = 1), constant steps: Theorem 3.2 with L_avg for Lambda, under every sampling.

Proof: the master inequality with Lambda1 <= L_avg, sqrt(G) <= (G + 1)/2 and M <= k G + C leaves -gamma G/2; and
L gamma (rho Lambda2)^2 <= L_avg rho/8 since mu Lambda2^2 <= D L_avg^2, which is true of textbook A and B and checked.
"""

from . import unified_sam_3_2 as paper
from .base import ConstantSteps
from .symbols import D, L_avg, Lambda, Lambda1, Lambda2, lam, mu

sam = {lam: 1, Lambda: L_avg}


theorem = ConstantSteps(
    key="ours/sam-any-sampling",
    title="PL, SAM, constant steps: L_avg in the place of Λ, whatever the sampling",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="mean",
    statement="E δ_t ≤ (1 − γμ)^t δ₀ + N, N = (LγC + L_avgρ(1 + 2LγL_avgρ))/μ for ρ < 1/L_avg, γ ≤ μ(1 − L_avgρ)/(2LD)",
    only=1.0,
    rho_max=paper.rho_max.subs(sam),
    gamma_max=paper.gamma_max.subs(sam),
    contraction=paper.contraction,
    noise=paper.noise.subs(sam),
    # Textbook A and B have the first.
    requires=((mu * Lambda2**2, D * L_avg**2), (Lambda1, L_avg)),
    instead="use unified-sam/3.2",
)
