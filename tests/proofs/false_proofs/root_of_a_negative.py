"""√x for any x."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step
from samtheory.proofs.language.terms import number

EXPECTED = "is defined"

x = number("x")
step("false", 0, "<=", sp.sqrt(x), {ONE: sp.sqrt(x)})
