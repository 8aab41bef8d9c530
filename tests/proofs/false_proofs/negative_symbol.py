"""A symbol that SymPy takes for negative."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step

EXPECTED = "no real number by its form"

step("false", 0, "<=", 1, {ONE: sp.Symbol("x", negative=True)})
