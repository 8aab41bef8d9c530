"""0 ≤ x by its type."""

from samtheory.proofs.kernel.rules import sign
from samtheory.proofs.language.terms import number

EXPECTED = "may be negative"

x = number("x")
sign(x)
