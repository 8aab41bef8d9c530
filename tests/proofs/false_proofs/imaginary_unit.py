"""0 ≤ i² = -1."""

import sympy as sp

from samtheory.proofs.kernel.rules import square

EXPECTED = "no real number by its form"

square(sp.I)
