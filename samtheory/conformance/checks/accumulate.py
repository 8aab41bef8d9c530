"""Micro-batches."""

from __future__ import annotations

from samtheory.conformance.context import DRAWS, PLAIN
from samtheory.conformance.suite import Outcome, Suite

from .registry import check

MICRO = PLAIN.but(micro=(0, 3, 1, 4), draws=DRAWS[:6])


@check(
    "accumulate", 350, "Four micro-batches: equal to one step on their mean.",
    "Accumulated gradients are another method than one large batch.", needs="accumulate",
)  # fmt: skip
def accumulate(suite: Suite) -> Outcome:
    """The same micro-batches in every step."""
    return suite.equals(MICRO)
