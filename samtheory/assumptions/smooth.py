"""Smoothness: Lipschitz gradients of f, of every f_i, and of the sampled function f_v = (1/n) sum v_i f_i."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .base import Assumption, Facts, Symbol, Values
from .claim import Claim, Domain

#: Nothing divides by 0 in a theorem, and any larger number is right too.
AT_ZERO = "a constant function is smooth with any number above 0, such as 1"


def values(facts: Facts) -> Values:
    """The smoothness of f_v is at most L_v = (1/n) sum v_i L_i."""
    L_i, law = facts.L_i, facts.law
    found = {
        **(facts.given("L_i", "L") or {}),
        "L_max": facts.derived(max(L_i), "max L_i", "L_i"),
        "L_avg": facts.derived(facts.mean(L_i), "mean L_i", "L_i"),
    }
    if law.deterministic:
        return {**found, "Lambda1": facts.L, "Lambda2": facts.L, "Lambda": facts.L}
    root_mean_square = facts.root(law.mean_square(L_i))
    sampled = facts.given("Lambda1", "Lambda2", "Lambda") or {
        "Lambda1": facts.derived(facts.mean(L_i), "E L_v = mean L_i", "L_i"),
        "Lambda2": facts.derived(root_mean_square, "sqrt E L_v^2, L_v = (1/n) sum v_i L_i", "L_i"),
        "Lambda": facts.derived(law.largest(L_i), "ess sup L_v, L_v = (1/n) sum v_i L_i", "L_i"),
    }
    return {**found, **sampled}


def lipschitz(name: str, function: str, domain: Domain, bound: Callable[[Any, Any], Any], **more: Any) -> Claim:
    """||grad h(x) - grad h(y)|| <= bound ||x - y||."""
    return Claim(
        name=name,
        text=f"||{function}(x) - {function}(y)|| <= {name} ||x - y||",
        domain=domain,
        statement=lambda at, c: (at.change, bound(at, c) * at.distance),
        **{"constants": (name,), **more},
    )


def of_sampled(name: str, letter: str, meaning: str, default: str, most: str | None = None) -> Symbol:
    """A smoothness of the sampled function."""
    small = "too small for float64: L_i"
    return Symbol(name=name, letter=letter, meaning=meaning, sign="positive", default=default, most=most, at_zero=small)


assumption = Assumption(
    word="smooth",
    meaning="every f_i has an L_i-Lipschitz gradient",
    place=0,
    basic=True,
    symbols=(
        Symbol(name="L_i", letter="L_i", meaning="smoothness of fᵢ", in_formulas=False),
        Symbol(name="L", letter="L", meaning="smoothness of f", sign="positive", default="L_max", at_zero=AT_ZERO),
        Symbol(
            name="L_max",
            letter="L_max",
            meaning="the largest Lᵢ, the smoothness of fᵢ",
            sign="positive",
            default="L",
            at_zero=AT_ZERO,
        ),
        Symbol(
            name="L_avg", letter="L_avg", meaning="the mean of the Lᵢ", sign="positive", default="L_max", most="L_max"
        ),
        of_sampled("Lambda", "Λ", "smoothness of the sampled function f_v = (1/n) Σ vᵢ fᵢ: ess sup L_v", "L_max"),
        of_sampled("Lambda1", "Λ₁", "E L_v", "Lambda", most="Lambda2"),
        of_sampled("Lambda2", "Λ₂", "√(E L_v²)", "Lambda", most="Lambda"),
    ),
    values=values,
    claims=(
        lipschitz("L_i", "grad f_i", Domain.PAIR_OF_COMPONENT, lambda at, c: at.of_members(c.L_i)),
        lipschitz("L", "grad f", Domain.PAIR_OF_F, lambda at, c: c.L),
        lipschitz("L_max", "grad f_i", Domain.PAIR_OF_COMPONENT, lambda at, c: c.L_max),
        Claim(
            name="L_avg",
            text="mean over i of ||grad f_i(x_i) - grad f_i(y_i)|| / ||x_i - y_i|| <= L_avg",
            domain=Domain.PAIRS_OF_COMPONENTS,
            statement=lambda at, c: (at.mean_ratio(1), c.L_avg),
            constants=("L_avg",),
        ),
        Claim(
            name="Lambda1",
            text="sum over v of p_v ||g_v(x_v) - g_v(y_v)|| / ||x_v - y_v|| <= Lambda1",
            domain=Domain.PAIRS_OF_SAMPLED,
            statement=lambda at, c: (at.mean_ratio(1), c.Lambda1),
            constants=("Lambda1",),
            sampled=True,
            consequence=lipschitz("Lambda1", "grad f", Domain.PAIR_OF_F, lambda at, c: c.Lambda1),
        ),
        Claim(
            name="Lambda2",
            text="sqrt(sum over v of p_v ||g_v(x_v) - g_v(y_v)||^2 / ||x_v - y_v||^2) <= Lambda2",
            domain=Domain.PAIRS_OF_SAMPLED,
            statement=lambda at, c: (at.mean_ratio(2), c.Lambda2),
            constants=("Lambda2",),
            sampled=True,
            consequence=Claim(
                name="Lambda2",
                text="sqrt(E||g_v(x) - g_v(y)||^2) <= Lambda2 ||x - y||",
                domain=Domain.SHARED_PAIR,
                statement=lambda at, c: (at.mean_change, c.Lambda2 * at.distance),
                constants=("Lambda2",),
            ),
        ),
        lipschitz("Lambda", "g_v", Domain.PAIR_OF_SAMPLED, lambda at, c: c.Lambda, sampled=True),
        lipschitz(
            "L_v",
            "g_v",
            Domain.PAIR_OF_SAMPLED,
            lambda at, c: at.smoothness,
            constants=(),
            sampled=True,
            searched=False,
        ),
    ),
)
