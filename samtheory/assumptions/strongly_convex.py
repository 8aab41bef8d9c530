"""Strong convexity of f."""

from __future__ import annotations

from .base import Assumption
from .claim import Claim, Domain

assumption = Assumption(
    word="strongly-convex",
    meaning="f - (mu/2)||x||^2 is convex, with the mu of PL",
    place=70,
    claims=(
        Claim(
            name="strongly-convex",
            text="mu ||x - y||^2 <= <grad f(x) - grad f(y), x - y>",
            domain=Domain.PAIR_OF_F,
            statement=lambda at, c: (c.mu * at.distance**2, at.rise),
            constants=("mu",),
            signed=True,
        ),
    ),
)
