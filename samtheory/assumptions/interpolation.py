"""Interpolation: the components share a minimiser, so that ||grad f_i||^2 <= 2 L_i (f_i - inf f_i) add up to f - f*."""

from __future__ import annotations

from .base import Assumption
from .claim import Claim, Domain

assumption = Assumption(
    word="interpolation",
    meaning="one point minimises every f_i",
    place=80,
    claims=(
        Claim(
            name="interpolation",
            text="(1/n) sum ||grad f_i(x)||^2/L_i <= 2 (f(x) - f_inf)",
            domain=Domain.POINT,
            statement=lambda at, c: (at.mean_square_over(c.L_i), 2 * at.gap),
        ),
    ),
)
