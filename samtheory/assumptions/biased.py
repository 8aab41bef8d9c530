"""A biased step, in the form of Demidovich et al. (NeurIPS 2023): what is known of its vector h in the mean."""

from __future__ import annotations

from collections.abc import Mapping

from .base import ROUNDING, Assumption, Symbol


def contradiction(numbers: Mapping[str, float], everywhere: bool) -> str | None:
    """(b G - c)^2 <= G E||h||^2 <= G ((B' + A'/mu) G + C') under PL, where G has no upper bound."""
    known = [numbers.get(name) for name in ("mu", "b", "A_h", "B_h")]
    if not everywhere or None in known:
        return None
    mu, b, A, B = (float(each) for each in known if each is not None)
    if B * mu + A >= b * b * mu * (1 - ROUNDING):
        return None
    return f"b={b:g}: must be at most sqrt(B_h + A_h/mu)={(B + A / mu) ** 0.5:g}, as <grad f, E h>^2 <= G E||h||^2"


#: No problem claims it: a person gives the numbers, or a method states them (`methods.base.Bias`).
assumption = Assumption(
    word="biased",
    contradiction=contradiction,
    meaning="<grad f, E h> >= b||grad f||^2 - c, E||h||^2 <= 2A'(f - f_inf) + B'||grad f||^2 + C', x+ = x - gamma h",
    place=120,
    symbols=(
        Symbol(name="b", letter="b", meaning="part of the gradient in the mean step", sign="positive", downwards=True),
        Symbol(name="c", letter="c", meaning="bias of the mean step"),
        Symbol(name="A_h", letter="A′", latex="A'", meaning="biased step: growth of E‖h‖² with f − f_inf"),
        Symbol(name="B_h", letter="B′", latex="B'", meaning="biased step: growth of E‖h‖² with ‖∇f‖²"),
        Symbol(name="C_h", letter="C′", latex="C'", meaning="biased step: noise of E‖h‖²"),
    ),
)
