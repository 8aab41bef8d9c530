"""log δ₀ with δ₀ = 0."""

import sympy as sp

from samtheory.proofs.kernel.rules import step
from samtheory.theorems.symbols import delta0

EXPECTED = "is defined"

step("false", sp.log(delta0), "<=", sp.log(delta0), {})
