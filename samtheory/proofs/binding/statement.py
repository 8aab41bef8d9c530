"""Comparison of a proof's claims with its theorem: the inequality of one step, and the measure of the bounds."""

from __future__ import annotations

from itertools import permutations

import sympy as sp

from samtheory.theorems.base import Theorem
from samtheory.theorems.master import sign
from samtheory.theorems.symbols import lam, rho

from ..kernel.algebra import same
from ..kernel.facts import Fact, said
from ..kernel.rules import recursions
from ..language.terms import E, G, T, V, V_at, a, delta, far, gap_at, grad, grad2_at, in_a, new, norm, spelt_out, t
from ..proof import Proof
from ..setting import m
from .samples import samples

#: The values of `master.sign`.
SIGNS = (-1, 1)
#: E V+, V, W and sqrt(W) by `Theorem.lyapunov`.
STEPS = {"gap": (E(new), delta, G, norm(grad)), "distance2": (E(far), V, delta, None)}


def fixed(theorem: Theorem) -> dict[sp.Symbol, sp.Expr]:
    """The parameters that the theorem fixes: lam, and rho where no rho above 0 is admissible."""
    found: dict[sp.Symbol, sp.Expr] = {}
    if isinstance(theorem.only, (int, float)):
        number = sp.nsimplify(theorem.only)
        found |= {lam: number, a: 1 - number}
    drawn = samples(theorem)
    if drawn and all(each.plan.rho_max == 0 for each in drawn):
        found[rho] = sp.Integer(0)
    return found


def expected(theorem: Theorem) -> list[tuple[sp.Expr, ...]]:
    """The right sides of the inequality of one step, for each sign if any: alternatives of which the largest counts."""
    _, V, W, root = STEPS[theorem.lyapunov]
    sides = []
    for growth, q, r, h in theorem.inequality:
        sides.append(in_a(sp.sympify((1 + growth) * V + q * W + r + (h * root if h != 0 else 0))))
    if any(side.has(sign) for side in sides):
        return [tuple(side.subs(sign, value) for side in sides) for value in SIGNS]
    return [tuple(sides)]


def alternatives(x: sp.Expr) -> tuple[sp.Expr, ...]:
    """The numbers of which an expression is the largest."""
    x = spelt_out(x)
    for extreme in x.atoms(sp.Max, sp.Min):
        atom = sp.Dummy()
        factor = sp.diff(x.xreplace({extreme: atom}), atom)
        if factor == (1 if isinstance(extreme, sp.Max) else -1):
            return tuple(x.xreplace({extreme: each}) for each in extreme.args)
    return (x,)


def is_one_step(fact: Fact, theorem: Theorem) -> int | None:
    """The number of the inequality of the theorem that a fact is."""
    values = fixed(theorem)

    def at(x: sp.Expr) -> sp.Expr:
        return in_a(spelt_out(x).subs(values, simultaneous=True))

    lhs, relation, rhs, *_ = said(fact)
    if lhs != STEPS[theorem.lyapunov][0] or relation != "<=":
        return None
    for number, sides in enumerate(expected(theorem)):
        whole = (spelt_out(rhs),)
        for found in (whole, alternatives(rhs)):
            if len(found) == len(sides) and any(
                all(same(at(x), at(y)) for x, y in zip(order, sides, strict=True)) for order in permutations(found)
            ):
                return number
    return None


def wrong_one_step(proof: Proof) -> str | None:
    """Why the claim of one step is not that of the theorem."""
    theorem = proof.theorem
    if not theorem.inequality:
        return None if not proof.one else "the theorem has no inequality of one step, and the proof claims one"
    found = [is_one_step(fact, theorem) for fact in proof.one]
    for fact, number in zip(proof.one, found, strict=True):
        if number is None:
            return f"{fact.name}: is not the inequality of one step of the theorem"
    missing = set(range(len(expected(theorem)))) - set(found)
    return "the inequality of one step of the theorem is not claimed" if missing else None


def wrong_measure(proof: Proof) -> str | None:
    """Why the bound is about something else than the theorem's measure."""
    measure = proof.theorem.measure
    averages = {"avg_grad2": grad2_at(t), "avg_gap": gap_at(t)}
    sums = [F for F, (s, first, after) in recursions().items() if measure in averages and first == 0
            and same(after, F(s) + averages[measure])]  # fmt: skip
    allowed = {
        "gap": (gap_at(t), gap_at(T)), "distance2": (V_at(t), V_at(T)), "min_grad2": (m,),
    }.get(measure, tuple(F(T) / T for F in sums))  # fmt: skip
    for bound in proof.bounds:
        lhs, relation, *_ = said(bound)
        if lhs not in allowed or relation != "<=":
            return f"{bound.name}: is no bound on the theorem's measure, {measure}"
    return None
