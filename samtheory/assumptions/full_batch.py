"""The full batch: no randomness."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(
    word="full-batch",
    meaning="the stochastic gradient is the gradient of f",
    place=30,
    values=lambda facts: {} if facts.law.deterministic else None,
    when=lambda numbers: [numbers.get(name) for name in ("A", "B", "C")] == [0, 1, 0],
)
