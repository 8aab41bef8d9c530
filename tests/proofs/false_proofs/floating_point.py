"""A number that is rounded."""

import sympy as sp

from samtheory.proofs.kernel.rules import square

EXPECTED = "no real number by its form"

square(sp.Float(0.5))
