"""Unbiased sampling: the stochastic gradient is that of f in the mean."""

from __future__ import annotations

from .base import Assumption
from .claim import Claim, Domain

assumption = Assumption(
    word="unbiased",
    meaning="E v_i = 1 for every f_i that is not constant",
    place=16,
    values=lambda facts: {},
    claims=(
        Claim(
            name="E v = 1",
            text="|E v_i - 1| <= 0",
            domain=Domain.WEIGHT,
            statement=lambda at, c: (at.bias, 0),
            sampled=True,
            searched=False,
        ),
    ),
    always=True,
)
