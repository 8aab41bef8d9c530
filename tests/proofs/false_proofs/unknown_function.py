"""A function without a type."""

import sympy as sp

from samtheory.proofs.kernel.rules import square
from samtheory.proofs.language.terms import number

EXPECTED = "no real number by its form"

x = number("x")
square(sp.Function("F")(x))
