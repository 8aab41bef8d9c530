"""SGD for a theorem about every ρ."""

import dataclasses

from samtheory.proofs import khaled_richtarik_2020_2 as right
from samtheory.proofs.proof import Proof
from samtheory.theorems.symbols import L

EXPECTED = "is true at rho = 0 only"

theorem = dataclasses.replace(right.proof.theorem, rho_max=1 / L)
proof = Proof(theorem, right.proof.one)
