"""R1, R2, full batch: the descent lemma at its worst perturbation, along -grad f or +grad f; the family below."""

from __future__ import annotations

import sympy as sp

from samtheory.theorems import master
from samtheory.theorems.forms import family as formulas
from samtheory.theorems.ours_deterministic import theorem
from samtheory.theorems.symbols import A, B, C, L, b1, b2, b3, gamma, lam, mu, rho

from .kernel.analysis import cauchy_schwarz
from .kernel.facts import Fact
from .kernel.rules import ONE, hypothesis, square, step
from .language.terms import E, G, a, define, delta, dot, grad, new
from .proof import Proof
from .setting import d
from .shared.full_batch import b, descent, pushed, pushed_squared, root_G

grounds = formulas.Grounds(A, B, C, mu, L)
short, long = hypothesis("Lγ ≤ 1", "case", 0, "<=", 1 - L * gamma), hypothesis("Lγ ≥ 1", "case", 0, "<=", L * gamma - 1)


def worst(sign: int, case: Fact) -> tuple[Fact, Fact]:
    """The worst case, where d is along sign * grad f, and the family below it."""
    k0, k1, k2, k3, k4, k5 = (sp.sympify(each).subs(master.sign, sign) for each in master.full_batch)
    k0, k2, k5 = define("κ₀", k0), define("κ₂", k2), define("κ₅", k5)
    edge = step(
        "the worst perturbation", sign * dot(grad, d), "<=", b * root_G,
        {cauchy_schwarz(sign * grad, d): 1, pushed: root_G},
    )  # fmt: skip
    one = step(
        "master inequality, full batch", E(new), "<=", delta - k0 * G + k2 * root_G + k5,
        {descent: 1, edge: gamma * case.gap, pushed_squared: L * gamma**2 / 2}, case,
    )  # fmt: skip
    push = gamma * lam * L * rho
    positive = step("κ₂ ≥ 0", 0, "<=", k2, {case: push, ONE: push * L * gamma * a * L * rho})
    growth, slope, rest = formulas.member((k0, k1, k2, k3, k4, k5), grounds, (b1, b2, b3))
    slope, rest = define("q", slope), define("r", rest)
    member = step(
        "a member", E(new), "<=", (1 + growth) * delta + slope * G + rest,
        {one: 1, square(b2 * root_G - 1): k2 / (2 * b2)}, positive,
    )  # fmt: skip
    return one, member


(one, member), (other, other_member) = worst(-1, short), worst(1, long)
proof = Proof(theorem, (member, other_member), more=(one, other))
