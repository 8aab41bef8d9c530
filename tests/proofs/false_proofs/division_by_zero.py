"""ρ/ρ² for ρ = 0."""

from samtheory.proofs.kernel.rules import ONE, step
from samtheory.theorems.symbols import rho

EXPECTED = "is defined"

step("false", 0, "<=", 1 / rho, {ONE: 1 / rho})
