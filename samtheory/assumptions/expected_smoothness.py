"""Expected smoothness around a minimiser (ES), of Gower et al. (2019), centred as in Gower, Sebbouh, Loizou (2021)."""

from __future__ import annotations

from .base import Assumption, Facts, Symbol, Values
from .claim import Claim, Domain


def values(facts: Facts) -> Values | None:
    """Those of convex f_i around a known x*.

    E||g||^2 = B||grad f||^2 + (1/n^2) sum K_ij <grad f_i, grad f_j>, and the same for g - g*; with
    (1/n) sum ||grad f_i(x) - grad f_i(x*)||^2/L_i <= 2 (f - f*): Lcal = A + B L and R = A for the A of the law.
    """
    law = facts.law
    if not facts.minimiser:
        return None
    if not law.deterministic and (own := facts.given("Lcal", "R", "sigma2")):
        return own
    if "convex-components" not in facts.properties:
        return None
    if law.deterministic:
        none = facts.derived(0, "g = grad f")
        return {"Lcal": facts.L, "R": none, "sigma2": none}
    A = law.A(facts.L_i)
    noise = 0 if "interpolation" in facts.properties else facts.noise()
    return {
        "Lcal": facts.derived(A + law.B * facts.L, "A + B L, every f_i convex", "L_i", "L"),
        "R": facts.derived(A, f"{law.A_form}, every f_i convex", "L_i"),
        "sigma2": facts.derived(noise, "E||(1/n) sum v_i grad f_i(x*)||^2", *(("x_star",) if noise else ())),
    }


assumption = Assumption(
    word="ES",
    meaning=(
        "E||g - g*||^2 <= 2 Lcal (f - f*), E||g - g* - grad f||^2 <= 2R (f - f*), E||g*||^2 <= sigma2, g* = g(x*)"
    ),
    place=100,
    symbols=(
        Symbol(name="Lcal", letter="ℒ", latex=r"\mathcal{L}", meaning="expected smoothness around x*"),
        Symbol(name="R", letter="R", meaning="centred expected smoothness around x*"),
        Symbol(name="sigma2", letter="σ*²", latex=r"\sigma_{*}^{2}", meaning="gradient noise at x*"),
    ),
    values=values,
    claims=(
        Claim(
            name="expected smoothness",
            text="E||g(x) - g(x*)||^2 <= 2 Lcal (f(x) - f*)",
            domain=Domain.POINT,
            statement=lambda at, c: (at.second_moment_around, 2 * c.Lcal * at.gap),
            constants=("Lcal",),
            sampled=True,
        ),
        Claim(
            name="centred expected smoothness",
            text="E||g(x) - g(x*) - grad f(x)||^2 <= 2 R (f(x) - f*)",
            domain=Domain.POINT,
            statement=lambda at, c: (at.variance_around, 2 * c.R * at.gap),
            constants=("R",),
            sampled=True,
        ),
        Claim(
            name="noise at x*",
            text="E||g(x*)||^2 <= sigma2",
            domain=Domain.MINIMISER,
            statement=lambda at, c: (at.second_moment, c.sigma2),
            constants=("sigma2",),
            sampled=True,
        ),
    ),
)
