"""PL with L in the place of μ."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import instance, step
from samtheory.proofs.language.terms import G, delta
from samtheory.proofs.proof import Proof
from samtheory.proofs.setting import PL
from samtheory.theorems.symbols import L, mu

EXPECTED = "is assumed of mu = L"

false = instance("PL at μ = L", step("", 2 * mu * delta, "<=", G, {PL: 1}), {mu: L})
proof = Proof(load_theorem("ours/sam-deterministic"), (), more=(false,))
