"""0 ≤ (√x)² = x for any x."""

import sympy as sp

from samtheory.proofs.kernel.rules import square
from samtheory.proofs.language.terms import number

EXPECTED = "is defined"

x = number("x")
square(sp.sqrt(x))
