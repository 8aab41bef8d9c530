"""PL, any rho_t, gamma_t, lam_t: the tightest member of the family at every step.

E delta_{t+1} <= D_{t+1} = max {d + U(G, 2A d + B G + C) : 0 <= d <= D_t, 2 mu d <= G <= 2 L d}, U the right side of the
master inequality: minimax over the free Young parameters, found anew at every step, and
the bonus (`forms.family`).  Proof: `master`, `family`.
The paper's chain is dominated by a member, which is tried too: no bound is above
`unified-sam/rollout` with the same steps, nor above Theorem 3.2.
"""

from .forms.tight import TightRollout
from .master import master
from .symbols import Lambda, a, lam, rho

lemma_5_1 = (1 / (2 * a), 1 / (2 * lam), (1 + a * rho * Lambda) / (3 * lam * rho * Lambda))

theorem = TightRollout(
    key="ours/tight",
    title="PL, any steps and any schedule of lam, the tightest member of the family at each step",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "ER"),
    measure="gap",
    sees="mean",
    statement="E δ_{t+1} ≤ D_{t+1} = max {d + U(G, 2Ad + BG + C) : 0 ≤ d ≤ D_t, 2μd ≤ G ≤ 2Ld}, D₀ = δ₀",
    kappas=master,
    others=(lemma_5_1,),
)
