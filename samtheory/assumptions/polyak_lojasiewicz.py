"""The Polyak-Lojasiewicz inequality (PL)."""

from __future__ import annotations

from collections.abc import Mapping

from .base import ROUNDING, Assumption, Symbol


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
    contradiction=contradiction,
)
