"""PL where the theorem does not assume it."""

import dataclasses

from samtheory.proofs import unified_sam_rollout as right
from samtheory.proofs.proof import Proof

EXPECTED = "uses what the theorem does not assume: PL"

theorem = dataclasses.replace(right.theorem, assumptions=("smooth", "ER"))
proof = Proof(theorem, right.proof.one, more=right.proof.more)
