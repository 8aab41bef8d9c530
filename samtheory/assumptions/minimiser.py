"""A known minimiser."""

from __future__ import annotations

from .base import Assumption
from .claim import Claim, Domain

assumption = Assumption(
    word="minimiser",
    meaning="a minimiser x* of f is known",
    place=90,
    values=lambda facts: {} if facts.minimiser else None,
    claims=(
        Claim(
            name="minimiser",
            text="f(x*) - f_inf <= 0",
            domain=Domain.MINIMISER,
            statement=lambda at, c: (at.gap, 0),
            signed=True,
        ),
    ),
)
