"""The theorem with half of its noise."""

import dataclasses

from samtheory.proofs import unified_sam_3_2 as right
from samtheory.proofs.proof import Proof

EXPECTED = "is not the inequality of one step"

theorem = dataclasses.replace(right.proof.theorem, noise=right.proof.theorem.noise / 2)
proof = Proof(theorem, right.proof.one)
