"""The expected residual (ER) of Gower, Sebbouh and Loizou (2021), as Oikonomou and Loizou (2025) use it."""

from __future__ import annotations

from collections.abc import Mapping

from .base import ROUNDING, Assumption, Symbol


def contradiction(numbers: Mapping[str, float], everywhere: bool) -> str | None:
    """E||g||^2 >= ||grad f||^2 >= 2 mu (f - f*) everywhere: B mu + A >= mu."""
    A, B, mu = numbers["A"], numbers["B"], numbers.get("mu", 0.0)
    if not everywhere or B * mu + A >= mu * (1 - ROUNDING):
        return None
    return (
        f"A={A:g}, B={B:g}: B mu + A must be at least mu={mu:g}"
        " (no PL function has a smaller expected residual everywhere)"
    )


assumption = Assumption(
    word="ER",
    meaning="E||g||^2 <= 2A(f - f_inf) + B||grad f||^2 + C",
    place=20,
    basic=True,
    symbols=tuple(
        Symbol(name=name, letter=name, meaning="of the expected residual", sampled=True) for name in ("A", "B", "C")
    ),
    contradiction=contradiction,
)
