"""An object that is 0 when it is squared and 1 when it is stated."""

import sympy as sp

from samtheory.proofs.kernel.analysis import root
from samtheory.proofs.kernel.rules import step

EXPECTED = "no number of the language"


class Two:
    def __pow__(self, n):
        return sp.Integer(0)

    def _sympy_(self):
        return sp.Integer(1)


root("false", Two(), 0, step("", 0, "<=", 0, {}))
