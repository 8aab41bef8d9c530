"""Bounded variance: the expected residual with A = 0 and B = 1, or less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import Assumption, Facts, Values
from .claim import Claim, Domain
from .expected_residual import values as expected_residual

#: Relative rounding error of a computed B.
ROUNDING = 1e-12


def of_variance(A: Any, B: Any) -> bool:
    """Whether E||g||^2 <= 2A (f - f_inf) + B||grad f||^2 + C bounds the variance by C: A = 0, B <= 1 up to rounding."""
    return bool(A == 0 and B <= 1 + ROUNDING)


def values(facts: Facts) -> Values | None:
    """It is claimed where the expected residual is of this form."""
    residual = expected_residual(facts)
    return {} if residual is not None and of_variance(residual["A"], residual["B"]) else None


def contradiction(numbers: Mapping[str, float], everywhere: bool) -> str | None:
    """With A > 0 or B > 1 the C of the expected residual is no variance."""
    A, B = numbers.get("A", 0), numbers.get("B", 1)
    if of_variance(A, B):
        return None
    return f"properties=bounded-variance: needs A = 0 and B <= 1, not A={float(A)!r}, B={float(B)!r}"


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
    when=lambda numbers: "C" in numbers and of_variance(numbers.get("A", 1), numbers.get("B", 1)),
)
