"""A bound on the gap for a bound on the distance."""

from samtheory.catalogue import load_theorem
from samtheory.proofs import unified_sam_3_2 as right
from samtheory.proofs.proof import Proof

EXPECTED = "is no bound on the theorem's measure"

theorem = load_theorem("ours/convex")
proof = Proof(theorem, (), right.proof.bounds)
