"""An inequality times a number of unknown sign."""

from samtheory.proofs.kernel.rules import sign, step
from samtheory.proofs.language.terms import number
from samtheory.theorems.symbols import gamma

EXPECTED = "multiplier x"

x = number("x")
step("false", 0, "<=", x * gamma, {sign(gamma): x})
