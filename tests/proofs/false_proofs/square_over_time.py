"""E δ_t² is not (E δ_t)²."""

from samtheory.proofs.kernel.rules import along, square, step
from samtheory.proofs.language.terms import delta

EXPECTED = "has no mean over x_t"

along(step("", 0, "<=", delta**2, {square(delta): 1}))
