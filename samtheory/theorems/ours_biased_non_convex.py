"""Non-convex, any biased step, constant steps: the descent lemma of `ours_biased` without PL, telescoped.

E delta+ <= (1 + L gamma^2 A') delta - gamma (b - L gamma B'/2) ||grad f||^2 + gamma c + L gamma^2 C'/2.
"""

from dataclasses import replace

from .ours_biased import theorem as linear
from .symbols import A_h, B_h, L, b, gamma, largest

theorem = replace(
    linear,
    key="ours/biased-non-convex",
    title="non-convex, any biased step, constant steps: the smallest gradient norm",
    assumptions=("smooth", "biased"),
    measure="min_grad2",
    statement=(
        "min_{t<T} E‖∇f(x_t)‖² ≤ (δ₀/W + γc + Lγ²C′/2)/(γ(b − LγB′/2)), W = (1 − (1 + Lγ²A′)^{−T})/(Lγ²A′),"
        " for γ ≤ b/(LB′)"
    ),
    gamma_max=b / (L * B_h),
    gamma_usual=b / (L * largest(B_h, 1)),
    growth=L * gamma**2 * A_h,
    descent=gamma * (b - L * gamma * B_h / 2),
)
