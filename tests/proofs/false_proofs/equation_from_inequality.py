"""x² = 0 from 0 ≤ x²."""

from samtheory.proofs.kernel.rules import square, step
from samtheory.proofs.language.terms import number

EXPECTED = "= does not follow"

x = number("x")
step("false", x**2, "=", 0, {square(x): 1})
