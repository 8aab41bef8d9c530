"""Growth of the gradient by the gap: an assumption with a claim and a constant that no rule derives."""

from __future__ import annotations

from samtheory.assumptions.base import Assumption, Symbol
from samtheory.assumptions.claim import Claim, Domain

assumption = Assumption(
    word="gradient-growth",
    meaning="||grad f||^2 <= 2 Lg (f - f*)",
    place=901,
    symbols=(Symbol(name="Lg", letter="Lg", meaning="growth of the gradient", sign="positive"),),
    values=lambda facts: facts.given("Lg"),
    claims=(
        Claim(
            name="gradient growth",
            text="||grad f(x)||^2 <= 2 Lg (f(x) - f*)",
            domain=Domain.POINT,
            statement=lambda at, c: (at.square, 2 * c.Lg * at.gap),
            constants=("Lg",),
        ),
    ),
)
