"""PL, SAM (lam = 1), constant steps: Theorem 3.2 with L_avg for Lambda, under every sampling.

Proof: the master inequality with Lambda1 <= L_avg, sqrt(G) <= (G + 1)/2 and M <= k G + C leaves -gamma G/2; and
L gamma (rho Lambda2)^2 <= L_avg rho/8 since mu Lambda2^2 <= D L_avg^2, which is true of textbook A and B and checked.
"""

from dataclasses import dataclass

from samtheory.constants import ROUNDING, Constants

from . import unified_sam_3_2 as paper
from .base import ConstantSteps
from .numbers import number
from .symbols import D, L_avg, Lambda, Lambda2, lam, mu

sam = {lam: 1, Lambda: L_avg}


@dataclass(frozen=True, kw_only=True)
class AnySampling(ConstantSteps):
    """Constant steps at lam = 1."""

    def failed_condition(self, constants: Constants) -> str | None:
        values = constants.values()
        if number(mu * Lambda2**2, values) > number(D * L_avg**2, values) * (1 + ROUNDING):
            return "needs mu Lambda2^2 <= (B mu + A) L_avg^2, which textbook A and B have; use unified-sam/3.2"
        if values["Lambda1"] > values["L_avg"] * (1 + ROUNDING):
            return f"needs Lambda1={values['Lambda1']:.6g} at most L_avg={values['L_avg']:.6g}; use unified-sam/3.2"
        return None


theorem = AnySampling(
    key="ours/sam-any-sampling",
    title="PL, SAM, constant steps: L_avg in the place of Λ, whatever the sampling",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    statement="E δ_t ≤ (1 − γμ)^t δ₀ + N, N = (LγC + L_avgρ(1 + 2LγL_avgρ))/μ for ρ < 1/L_avg, γ ≤ μ(1 − L_avgρ)/(2LD)",
    only=1.0,
    rho_max=paper.rho_max.subs(sam),
    gamma_max=paper.gamma_max.subs(sam),
    contraction=paper.contraction,
    noise=paper.noise.subs(sam),
)
