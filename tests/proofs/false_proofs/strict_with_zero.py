"""0 < ργ, with ρ = 0."""

from samtheory.proofs.kernel.rules import sign, step
from samtheory.theorems.symbols import gamma, rho

EXPECTED = "< does not follow"

step("false", 0, "<", rho * gamma, {sign(gamma): rho})
