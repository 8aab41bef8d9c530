"""0 ≤ ∞ · x."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step
from samtheory.proofs.language.terms import number

EXPECTED = "no real number by its form"

x = number("x")
step("false", 0, "<=", x, {ONE: sp.oo})
