"""R1, R2, full batch: the descent lemma at its worst perturbation, along -grad f or +grad f; the bonus."""

from __future__ import annotations

import sympy as sp

from samtheory.theorems import master
from samtheory.theorems.forms import family as formulas
from samtheory.theorems.ours_deterministic import theorem
from samtheory.theorems.symbols import A, B, C, L, b1, b2, b3, gamma, mu
from samtheory.theorems.symbols import bonus as sigma

from .kernel.analysis import cauchy_schwarz, one_of
from .kernel.facts import Fact
from .kernel.rules import hypothesis, square, step
from .language.terms import E, G, define, delta, dot, grad, in_a, new
from .proof import Proof
from .setting import d, whole_step
from .shared.at_y import PL_y, value_straight
from .shared.bonus import bonus, half
from .shared.full_batch import b, h, move, pushed, pushed_squared, root_G

grounds = formulas.Grounds(A, B, C, mu, L)
short, long = hypothesis("Lγ ≤ 1", "case", 0, "<=", 1 - L * gamma), hypothesis("Lγ ≥ 1", "case", 0, "<=", L * gamma - 1)


def worst(kappas: tuple[sp.Expr, ...], sign: int, case: Fact, part: sp.Expr, *signs: Fact) -> tuple[Fact, Fact]:
    """The worst case, where d is along sign * grad f, or PL at y counts, to a part; and the family below it."""
    kappa = formulas.floored(tuple(in_a(sp.sympify(each).subs(master.sign, sign)) for each in kappas))
    k0, k2, k5, grows = define("κ₀", kappa[0]), define("κ₂", kappa[2]), define("κ₅", kappa[5]), sum(kappa[6:])
    top = in_a(kappas[2].subs(master.sign, sign))
    edge = step(
        "the worst perturbation", sign * dot(grad, d), "<=", b * root_G,
        {cauchy_schwarz(sign * grad, d): 1, pushed: root_G},
    )  # fmt: skip
    rest = 1 - L * gamma
    at_y = {PL_y: part * gamma * rest / 2, value_straight: part * gamma * mu * rest} if part else {}
    terms = step(
        "the terms of the descent lemma", -gamma * dot(grad, h) + L * gamma**2 / 2 * h.norm2, "<=",
        grows * delta - k0 * G + k2 * root_G + k5,
        {
            edge: (1 - part) * gamma * case.gap, pushed_squared: (1 - part) * L * gamma**2 / 2 + part * gamma / 2,
            one_of(k2, top): root_G, **at_y,
        },
        case, *signs,
    )  # fmt: skip
    positive = one_of(k2, sp.Integer(0))
    heavy, more = 1 + sigma * mu / (2 * L * (1 + sigma)), 1 + sigma / 2
    kappa = formulas.with_bonus((k0, 0, k2, 0, 0, k5, grows), grounds, sigma)
    growth, slope, noise = (define(name, each) for name, each in
                            zip("pqr", formulas.member(kappa, grounds, (b1, b2, b3)), strict=True))  # fmt: skip
    member = step(
        "a member", E(new), "<=", (1 + growth) * delta + slope * G + noise,
        {
            whole_step: 1, bonus(half, move, h, 1 + sigma): 1 / heavy, terms: more / heavy,
            square(b2 * root_G - 1): k2 * more / (2 * b2 * heavy),
        },
        positive,
    )  # fmt: skip
    return terms, member


none = sp.Integer(0)
(one, member), (other, other_member) = (
    worst(master.full_batch, -1, short, none),
    worst(master.full_batch, 1, long, none),
)
proof = Proof(theorem, (member, other_member), more=(one, other))
