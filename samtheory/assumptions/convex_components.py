"""Convexity of every f_i."""

from __future__ import annotations

from .base import Assumption
from .claim import Claim, Domain

assumption = Assumption(
    word="convex-components",
    meaning="every f_i is convex",
    place=60,
    claims=(
        Claim(
            name="convex-components",
            text="0 <= <grad f_i(x) - grad f_i(y), x - y>",
            domain=Domain.PAIR_OF_COMPONENT,
            statement=lambda at, c: (0, at.rise),
            signed=True,
        ),
    ),
)
