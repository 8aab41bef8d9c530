"""0 < x² from 0 ≤ x²."""

from samtheory.proofs.kernel.rules import square, step
from samtheory.proofs.language.terms import number

EXPECTED = "< does not follow"

x = number("x")
step("false", 0, "<", x**2, {square(x): 1})
