"""Bounded variance: the expected residual with A = 0 and B = 1."""

from __future__ import annotations

from collections.abc import Mapping

from .base import Assumption, Facts, Values
from .claim import Claim, Domain
from .expected_residual import values as expected_residual


def values(facts: Facts) -> Values | None:
    """It is claimed where the expected residual is of this form."""
    residual = expected_residual(facts)
    return {} if residual is not None and (residual["A"], residual["B"]) == (0, 1) else None


def contradiction(numbers: Mapping[str, float], everywhere: bool) -> str | None:
    """With A > 0 or B != 1 the C of the expected residual is no variance."""
    A, B = numbers.get("A", 0), numbers.get("B", 1)
    return None if (A, B) == (0, 1) else f"properties=bounded-variance: needs A = 0 and B = 1, not A={A:g}, B={B:g}"


assumption = Assumption(
    word="bounded-variance",
    meaning="E||g - grad f||^2 <= C with A = 0, B = 1",
    place=40,
    values=values,
    contradiction=contradiction,
    claims=(
        Claim(
            name="bounded variance",
            text="E||g(x)||^2 <= ||grad f(x)||^2 + C",
            domain=Domain.POINT,
            statement=lambda at, c: (at.second_moment, at.square + c.C),
            constants=("A", "B", "C"),
            sampled=True,
        ),
    ),
    uses=("C",),
    when=lambda numbers: [numbers.get(name) for name in ("A", "B")] == [0, 1],
)
