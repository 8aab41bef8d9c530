"""0 ≤ z² for a complex z."""

import sympy as sp

from samtheory.proofs.kernel.rules import square

EXPECTED = "no real number by its form"

square(sp.Symbol("z"))
