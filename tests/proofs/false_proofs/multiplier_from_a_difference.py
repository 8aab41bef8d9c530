"""1 - ρ is not known to be positive."""

from samtheory.proofs.kernel.rules import sign, step
from samtheory.theorems.symbols import gamma, rho

EXPECTED = "is not negative"

step("false", 0, "<=", (1 - rho) * gamma, {sign(gamma): 1 - rho})
