"""Theorem 3.2 where something vanishes: the closed forms of its limits and of its neighbourhood."""

from __future__ import annotations

from typing import Any

import sympy as sp

from samtheory.theorems.symbols import A, B, C, L, Lambda, gamma, lam, mu, rho
from samtheory.theorems.unified_sam_3_2 import gamma_max, neighbourhood, rho_max

from ..kernel.facts import Fact
from ..kernel.rules import step
from ..language.terms import a, define, in_a
from .bounds import D, D_positive
from .recursion import with_needed_signs

formulas = {"rho": ("ρ_max", rho_max), "gamma": ("γ_max", gamma_max), "N": ("N", neighbourhood)}
stretch, drift = 1 + 2 * (Lambda * rho * a) ** 2, Lambda * rho * (1 + 2 * L * gamma * Lambda * rho)


def case(name: str, values: dict[sp.Symbol, Any], **closed: Any) -> list[Fact]:
    """The formulas rho, gamma and N of Theorem 3.2 at some values of the symbols, in closed form."""
    found: list[Fact] = []
    for key, form in closed.items():
        letter, formula = formulas[key]
        special = define(f"{letter}[{name}]", in_a(formula).subs(values))
        found.append(with_needed_signs(step, f"{letter}, {name}", special, "=", form, {}, signs=(D_positive,)))
    return found


special_cases = [
    *case("SGD, ρ = 0", {rho: 0}, gamma=mu / (2 * L * D), N=L * gamma * C / mu),
    *case(
        "USAM, λ = 0", {lam: 0, a: 1}, rho=mu / (Lambda * (mu + 2 * D)),
        N=C * (L * gamma + Lambda * rho + 2 * L * gamma * (Lambda * rho) ** 2) / mu,
    ),
    *case(
        "SAM, λ = 1", {lam: 1, a: 0}, rho=1 / Lambda, gamma=mu * (1 - Lambda * rho) / (2 * L * D),
        N=(L * gamma * C + drift) / mu,
    ),
    *case("interpolation, C = 0", {C: 0}, N=lam**2 * drift / mu),
    *case(
        "bounded variance, A = 0, B = 1", {A: 0, B: 1}, rho=1 / (Lambda * (1 + 2 * a**2)),
        gamma=(1 - Lambda * rho * (1 + 2 * a**2)) / (2 * L * stretch),
    ),
]  # fmt: skip
