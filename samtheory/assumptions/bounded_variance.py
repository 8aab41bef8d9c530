"""Bounded variance: the expected residual with A = 0 and B = 1."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(
    word="bounded-variance",
    meaning="E||g - grad f||^2 <= C with A = 0, B = 1",
    place=40,
    uses=("C",),
    when=lambda numbers: [numbers.get(name) for name in ("A", "B")] == [0, 1],
)
