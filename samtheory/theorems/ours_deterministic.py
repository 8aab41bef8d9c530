"""PL, full batch, any rho_t, gamma_t, lam_t: the worst case of one step, step after step.

The descent lemma at its worst perturbation (`master`), with 2 mu delta <= ||grad f||^2 <= 2 L delta, and the bonus.
For USAM and smooth f no smaller bound on f(x+) - f(x) holds: it is attained for every gamma < 2/(L (1 + L rho)).
"""

from . import unified_sam_3_4
from .forms.tight import TightRollout
from .master import full_batch

theorem = TightRollout(
    key="ours/deterministic",
    title="PL, full batch, any steps and any schedule of lam, the worst case of each step",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    sees="length",
    statement="δ_{t+1} ≤ max {δ − γg(g ∓ b) + (Lγ²/2)(g ∓ b)²}, g = ‖∇f‖, b = Lρ((1 − λ)g + λ), − where Lγ ≤ 1",
    kappas=full_batch,
    default_steps=unified_sam_3_4.theorem,
)
