"""An equivalence with a multiplier that may be 0."""

from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.proofs.language.terms import number
from samtheory.theorems.symbols import rho

EXPECTED = "with a positive multiplier"

x = number("x")
step("false", 0, "<=", rho * x, {hypothesis("", "case", 0, "<=", x): rho}, iff=True)
