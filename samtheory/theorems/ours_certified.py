"""PL, full batch, constant steps: a certificate for every step, within a few hundredths of the worst case.

As `ours_deterministic_at_y`, with PL at x, y, x+ and the middle z of (y, x+), and what the smoothness of f says of each
pair that counts: the multipliers of these inequalities are searched, by `forms.certified`.
"""

from .forms.certified import Certified
from .ours_sam_deterministic import rho_paper
from .symbols import L, a

theorem = Certified(
    key="ours/certified",
    title="PL, full batch, constant steps: a certificate of each step, near the worst case",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "full-batch"),
    measure="gap",
    statement=(
        "δ_{t+1} ≤ max_j {q_j δ_t + r_j} for γ ≤ 1/L, one j for each interval of ‖∇f‖, where multipliers of"
        " inequalities at x, y, x⁺ and between y and x⁺ leave a positive semidefinite form"
    ),
    rho_max=1 / (a * L),
    gamma_max=1 / L,
    rho_usual=rho_paper,
)
