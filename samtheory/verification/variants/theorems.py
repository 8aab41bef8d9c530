"""Faulty theorems: formulas of Theorem 3.2 with a slip, and bounds of another time or start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from samtheory.theorems import unified_sam_3_2 as paper
from samtheory.theorems.base import Theorem
from samtheory.theorems.chain import c2, nu
from samtheory.theorems.plan import Plan
from samtheory.theorems.symbols import B, C, D, L, Lambda, a, gamma, lam, mu, rho
from samtheory.verification.cell import Cell
from samtheory.verification.self_test import Variant

from .make import RIDGE, cell

_gamma_star = paper.gamma_max
_bracket = 1 + 2 * (Lambda * rho * a) ** 2


def formulas(**wrong: Any) -> Callable[[Theorem], Theorem]:
    """Theorem 3.2 with some of its formulas replaced."""
    return lambda right: replace(right, **wrong)


def statement(name: str, where: Cell, caught_by: tuple[str, ...] = ("derivation",), **wrong: Any) -> Variant:
    """Theorem 3.2 with wrong formulas."""
    return Variant(name, "theorem", where, caught_by, theorem=formulas(**wrong))


def later(right: Plan) -> Plan:
    """The bound of t + 1 at t."""
    return replace(right, bound=lambda t, delta0: right.bound(np.asarray(t) + 1, delta0))


def without_start(right: Plan) -> Plan:
    """The decreasing-steps bound without the term of the start."""
    return replace(right, bound=lambda t, delta0: right.bound(t, delta0 / 2))


VARIANTS = (
    statement("no lam^2 term", cell(RIDGE, sampling="full", lam=1.0), ("derivation", "one-step"), noise=c2 * C),
    statement(
        "rate 1 - 2 gamma mu",
        cell(RIDGE, sampling="full", lam=0.0, rho=0.0),
        ("derivation", "one-step"),
        contraction=1 - 2 * gamma * mu,
    ),
    statement("N without 1/mu", cell(RIDGE), noise=nu * mu),
    statement("no C in the noise", cell(RIDGE), noise=nu.subs(C, 0)),
    statement("gamma* without its bracket", cell(RIDGE, sampling="full"), gamma_max=_gamma_star * _bracket),
    statement("gamma* doubled", cell(RIDGE), gamma_max=2 * _gamma_star),
    statement("gamma* = mu/(2 L D) whatever rho", cell(RIDGE), gamma_max=mu / (2 * L * D)),
    statement("rho* doubled", cell(RIDGE, rho_fraction=0.75), ("refused",), rho_max=2 * paper.rho_max),
    statement("A for D = B mu + A", cell(RIDGE, sampling="nice:2"), gamma_max=_gamma_star.subs(B, 0)),
    statement("L of f for Lambda", cell(RIDGE), gamma_max=_gamma_star.subs(Lambda, L), noise=nu.subs(Lambda, L)),
    statement(
        "half of the second-order noise",
        cell(RIDGE, lam=1.0),
        noise=c2 * C + lam**2 * (gamma * Lambda * rho + L * (gamma * Lambda * rho) ** 2),
    ),
    Variant(
        "bound one step ahead",
        "theorem",
        cell(RIDGE, sampling="full", lam=0.0),
        ("derivation", "trajectory"),
        plan=later,
    ),
    Variant(
        "half of delta0 in the bound", "theorem", cell(RIDGE, "3.5"), ("derivation", "trajectory"), plan=without_start
    ),
    Variant(
        "(1 - lam) for (1 - lam)^2",
        "theorem",
        cell(RIDGE),
        theorem=formulas(
            rho_max=mu / (Lambda * (mu + 2 * D * a)),
            gamma_max=(mu - Lambda * rho * (mu + 2 * D * a)) / (2 * L * D * (1 + 2 * (Lambda * rho) ** 2 * a)),
            noise=nu + gamma * Lambda * rho * (a - a**2) * C + 2 * L * (gamma * Lambda * rho) ** 2 * (a - a**2) * C,
        ),
        weaker="a <= 1 gives a^2 <= a: rho* and gamma* only shrink and the noise only grows, so Theorem 3.2 implies it",
    ),
)
