"""PL, full batch, any rho_t, gamma_t, lam_t: as `ours_deterministic`, with PL at y too for gamma <= 1/L.

A mixture of the two bounds on ||grad f(y)|| of `master`, and the bonus: PL at x, at y and at x+.  At lam = 0 and small
rho it is within a thousandth of what PL and smoothness at x, y and x+ say together (semidefinite programmes).
"""

from dataclasses import replace

from . import ours_deterministic as before
from .master import at_y

theorem = replace(
    before.theorem,
    key="ours/deterministic-at-y",
    title="PL, full batch, any steps and any schedule of lam: PL at the perturbed and at the next point too",
    statement="δ_{t+1} ≤ the least bound at δ_t of the family with PL at x, y and x+, any share of PL at y",
    sees="direction",
    kappas=at_y,
)
