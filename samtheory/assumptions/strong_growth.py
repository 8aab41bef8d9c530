"""Strong growth (Schmidt and Le Roux 2013; Vaswani, Bach, Schmidt 2019), in its form at interpolation."""

from __future__ import annotations

from .base import Assumption, Facts, Symbol, Values
from .claim import Claim, Domain
from .expected_residual import values as expected_residual


def values(facts: Facts) -> Values | None:
    """The problem's own alpha, else that of its expected residual with C = 0 where it interpolates.

    E||g||^2 <= 2A (f - f*) + B||grad f||^2 <= (2A + 2B L) (f - f*): alpha = B + A/L.
    """
    certain = facts.law.deterministic
    if not certain and (own := facts.given("alpha")):
        return own
    residual = expected_residual(facts)
    if residual is None or residual["C"] != 0 or not (certain or "interpolation" in facts.properties):
        return None
    A, B = residual["A"], residual["B"]
    return {"alpha": facts.derived(B + A / facts.L, "B + A/L, as C = 0", A, B, "L")}


assumption = Assumption(
    word="strong-growth",
    meaning="E||g||^2 <= 2 alpha L (f - f*), where one point minimises every f_i",
    place=110,
    symbols=(Symbol(name="alpha", letter="α", meaning="strong-growth constant"),),
    values=values,
    claims=(
        Claim(
            name="strong growth",
            text="E||g(x)||^2 <= 2 alpha L (f(x) - f*)",
            domain=Domain.POINT,
            statement=lambda at, c: (at.second_moment, 2 * c.alpha * c.L * at.gap),
            constants=("alpha",),
            sampled=True,
        ),
    ),
)
