"""The inequality of one step as the theorem of the catalogue has it, from the one that the proof claims."""

from __future__ import annotations

import sympy as sp

from ..binding.statement import STEPS, expected, fixed, is_one_step
from ..proof import Proof
from .algebra import Claim
from .facts import Writer
from .lemmas import HERE
from .terms import At, View, environment


def write(writer: Writer, proof: Proof) -> tuple[str, ...]:
    """State and prove the inequality of the theorem object; the names of the lemmas.

    Where the inequality is the largest of several, the claim of the proof stands for it (`binding.statement`). Where no
    claim is the inequality, Coq is asked whether it follows from the first, and refuses that.
    """
    theorem = proof.theorem
    if not theorem.inequality:
        return ()
    view, names = View(values=fixed(theorem)), []
    for number, sides in enumerate(expected(theorem)):
        claims = [fact for fact in proof.one if is_one_step(fact, theorem) == number] or proof.one[:1]
        if len(sides) != 1 or not claims:
            continue
        stated = writer.stated[claims[0]]
        left, right = sp.sympify(STEPS[theorem.lyapunov][0]), sp.sympify(sides[0])
        claim = Claim(left, "<=", right, view)
        source = Claim(claims[0].lhs, "<=", claims[0].rhs, view)
        name = writer.names(("statement", theorem.key, number), f"statement_{theorem.key}")
        lemma = writer.algebra(name, claim, [(sp.Integer(1), source)])
        printer = environment(writer.setting, At(), view=view)
        says = f"{printer.real(left)} <= {printer.real(right)}"
        call = writer.call(claims[0], stated.forms, HERE)
        writer.text.append(
            f"Theorem {writer.header(stated, name, says)}.\nProof. exact {writer.applied(lemma, HERE, [call])}. Qed.\n"
        )
        names.append(name)
    return tuple(names)
