"""The expected residual (ER) of Gower, Sebbouh and Loizou (2021), as Oikonomou and Loizou (2025) use it."""

from __future__ import annotations

from collections.abc import Mapping

from .base import ROUNDING, Assumption, Facts, Symbol, Values
from .claim import Claim, Domain


def values(facts: Facts) -> Values | None:
    """Those of the problem itself, else A and B of the law, and C = 2 A (f_inf - mean f_i_inf)."""
    law = facts.law
    if law.deterministic:
        return {name: facts.derived(number, "g = grad f") for name, number in (("A", 0), ("B", 1), ("C", 0))}
    if own := facts.given("A", "B", "C"):
        return own
    gap = facts.component_gap()
    if gap is None:
        return None
    A = law.A(facts.L_i)
    return {
        "A": facts.derived(A, f"{law.A_form}, {law.form}", "L_i"),
        "B": facts.derived(law.B, law.form),
        "C": facts.derived(2 * A * gap, "2 A (f_inf - mean f_i_inf)", "L_i", "f_inf", "f_i_inf"),
    }


def contradiction(numbers: Mapping[str, float], everywhere: bool) -> str | None:
    """E||g||^2 >= ||grad f||^2 >= 2 mu (f - f*) everywhere: B mu + A >= mu."""
    A, B, mu = numbers["A"], numbers["B"], numbers.get("mu", 0.0)
    if not everywhere or B * mu + A >= mu * (1 - ROUNDING):
        return None
    return (
        f"A={A:g}, B={B:g}: B mu + A must be at least mu={mu:g}"
        " (no PL function has a smaller expected residual everywhere)"
    )


assumption = Assumption(
    word="ER",
    meaning="E||g||^2 <= 2A(f - f_inf) + B||grad f||^2 + C",
    place=20,
    basic=True,
    symbols=tuple(Symbol(name=name, letter=name, meaning="of the expected residual") for name in ("A", "B", "C")),
    values=values,
    claims=(
        Claim(
            name="expected residual",
            text="E||g(x)||^2 <= 2 A (f(x) - f_inf) + B ||grad f(x)||^2 + C",
            domain=Domain.POINT,
            statement=lambda at, c: (at.second_moment, 2 * c.A * at.gap + c.B * at.square + c.C),
            constants=("A", "B", "C"),
            sampled=True,
        ),
    ),
    contradiction=contradiction,
)
