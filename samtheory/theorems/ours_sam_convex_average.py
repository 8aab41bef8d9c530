"""Convex, full batch, any lam: the mean of the gaps, free of L/mu.

The one step of `ours_sam_strongly_convex` at mu = 0: K = L.
"""

from dataclasses import replace

import sympy as sp

from . import ours_sam_strongly_convex as strongly
from .symbols import mu

theorem = replace(
    strongly.theorem,
    key="ours/sam-convex-average",
    title="convex, full batch, any λ: the mean of the gaps",
    assumptions=("smooth", "convex", "full-batch", "minimiser"),
    measure="avg_gap",
    statement="(1/T) Σ_{t<T} E f(x_t) − f* ≤ R₀²/(2γcT) + λLρ²/(2c) for γ ≤ 1/L, c = 1 − aL²ρ² > 0",
    growth=sp.Integer(0),
    descent=strongly.theorem.descent.subs(mu, 0),
    noise=strongly.theorem.noise.subs(mu, 0),
)
