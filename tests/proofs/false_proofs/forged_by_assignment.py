"""Assignment to a fact."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step

EXPECTED = "a fact cannot be changed"

step("true", 0, "<=", 1, {ONE: 1}).rhs = sp.Integer(-1)
