"""A symbol that SymPy takes for 0."""

import sympy as sp

from samtheory.proofs.kernel.rules import square

EXPECTED = "no real number by its form"

square(sp.Symbol("x", zero=True))
