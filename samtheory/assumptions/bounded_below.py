"""A lower bound on f, and on every f_i: what suboptimality is measured from."""

from __future__ import annotations

from .base import Assumption, Facts, Symbol, Values
from .claim import Claim, Domain


def values(facts: Facts) -> Values:
    """f_i_inf may be missing: f is bounded below where its components are not."""
    return {**(facts.given("f_inf") or {}), **(facts.given("f_i_inf") or {})}


def infimum(name: str, meaning: str) -> Symbol:
    """A lower bound on the values of a function."""
    return Symbol(name=name, letter=name, meaning=meaning, sign="any", downwards=True, in_formulas=False)


assumption = Assumption(
    word="bounded-below",
    meaning="f >= f_inf, and f_i >= f_i_inf where claimed",
    place=15,
    symbols=(infimum("f_inf", "infimum of f"), infimum("f_i_inf", "infimum of fᵢ")),
    values=values,
    claims=(
        Claim(
            name="f >= f_inf",
            text="f_inf <= f(x)",
            domain=Domain.POINT,
            statement=lambda at, c: (c.f_inf, at.value),
            constants=("f_inf",),
            signed=True,
        ),
        Claim(
            name="f_i >= f_i_inf",
            text="f_i_inf <= f_i(x)",
            domain=Domain.COMPONENT,
            statement=lambda at, c: (at.of_members(c.f_i_inf), at.component_values),
            constants=("f_i_inf",),
            signed=True,
        ),
    ),
    always=True,
)
