"""A lower bound on f, and on every f_i: what suboptimality is measured from."""

from __future__ import annotations

from .base import Assumption, Symbol


def _infimum(name: str, letter: str, meaning: str) -> Symbol:
    return Symbol(name=name, letter=letter, meaning=meaning, sign="any", downwards=True, in_formulas=False)


assumption = Assumption(
    word="bounded-below",
    meaning="f >= f_inf, and f_i >= f_i_inf where claimed",
    place=15,
    symbols=(_infimum("f_inf", "f_inf", "infimum of f"), _infimum("f_i_inf", "f_i_inf", "infimum of fᵢ")),
    always=True,
)
