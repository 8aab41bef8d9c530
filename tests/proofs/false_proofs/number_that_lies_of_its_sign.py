"""A rational number -1 of a class of its own, which says that it is positive."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step

EXPECTED = "no real number by its form"


class Positive(sp.Rational):
    is_nonnegative = is_positive = True

    def __new__(cls):
        made = sp.Expr.__new__(cls)
        made.p, made.q = -1, 1
        return made


step("false", 1, "<=", 0, {ONE: Positive()})
