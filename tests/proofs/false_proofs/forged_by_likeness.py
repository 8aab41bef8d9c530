"""An object that looks like a fact, and equals one."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step

EXPECTED = "no number of the language"

true = step("true", 0, "<=", 1, {ONE: 1})


class Like:
    """Equal to a true fact."""

    name, lhs, relation, rhs = "false", sp.Integer(0), "<=", sp.Integer(-1)
    premises, hypotheses, gap = (), frozenset(), sp.Integer(-1)

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(true)


step("use", 0, "<=", -1, {Like(): 1})
