"""PL, any biased step x+ = x - gamma h, constant steps: what <grad f, E h> and E||h||^2 alone give.

With <grad f, E h> >= b ||grad f||^2 - c, E||h||^2 <= 2A' delta + B' ||grad f||^2 + C' and k = B' + A'/mu, the
descent lemma under PL is

    E delta+ <= delta - gamma (b - L gamma k/2) ||grad f||^2 + gamma c + L gamma^2 C'/2,

whatever h is made of: its perturbation, its memory, its sampling.  gamma = b/(L k) is the best step.  On L x^2/2 it is
an equality for A' = 0 and every h whose two conditions are equalities.  SGD is b = 1, c = 0; Demidovich et al.
(NeurIPS 2023) have this form.
"""

import sympy as sp

from .forms.descent import Descent
from .symbols import A_h, B_h, C_h, L, b, c, gamma, mu

k = B_h + A_h / mu

theorem = Descent(
    key="ours/biased",
    title="PL, any biased step, constant steps",
    source="this project",
    status="ours",
    assumptions=("smooth", "PL", "biased"),
    measure="gap",
    sees="mean",
    statement=(
        "E δ_t ≤ (1 − x)^t δ₀ + N(1 − (1 − x)^t), x = γμ(2b − Lγk), N = (2c + LγC′)/(2μ(2b − Lγk)), k = B′ + A′/μ,"
        " for γ ≤ b/(Lk)"
    ),
    rho_max=sp.oo,
    rho_usual=sp.Integer(0),
    gamma_max=b / (L * k),
    descent=gamma * (b - L * gamma * k / 2),
    noise=gamma * c + L * gamma**2 * C_h / 2,
)
