"""An inequality times -1."""

from samtheory.proofs.kernel.rules import square, step
from samtheory.proofs.language.terms import number

EXPECTED = "multiplier -1"

x = number("x")
step("false", x**2, "<=", 0, {square(x): -1})
