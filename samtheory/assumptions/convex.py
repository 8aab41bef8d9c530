"""Convexity of f."""

from __future__ import annotations

from .base import Assumption
from .claim import Claim, Domain

assumption = Assumption(
    word="convex",
    meaning="f is convex",
    place=50,
    claims=(
        Claim(
            name="convex",
            text="0 <= <grad f(x) - grad f(y), x - y>",
            domain=Domain.PAIR_OF_F,
            statement=lambda at, c: (0, at.rise),
            signed=True,
        ),
    ),
)
