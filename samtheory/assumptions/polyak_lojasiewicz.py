"""The Polyak-Lojasiewicz inequality (PL)."""

from __future__ import annotations

from collections.abc import Mapping

from .base import ROUNDING, Assumption, Symbol
from .claim import Claim, Domain


def contradiction(numbers: Mapping[str, float], everywhere: bool) -> str | None:
    """A PL function has mu <= L."""
    mu, L = numbers["mu"], numbers["L"]
    if mu <= L * (1 + ROUNDING):
        return None
    return f"mu={mu:g}: must be at most L={L:g} (a PL function has mu <= L)"


assumption = Assumption(
    word="PL",
    meaning="||grad f||^2 >= 2 mu (f - f*)",
    place=10,
    basic=True,
    symbols=(Symbol(name="mu", letter="μ", meaning="PL constant of f", sign="positive", downwards=True),),
    values=lambda facts: facts.given("mu"),
    claims=(
        Claim(
            name="PL",
            text="2 mu (f(x) - f*) <= ||grad f(x)||^2",
            domain=Domain.POINT,
            statement=lambda at, c: (2 * c.mu * at.gap, at.square),
            constants=("mu",),
        ),
    ),
    contradiction=contradiction,
)
