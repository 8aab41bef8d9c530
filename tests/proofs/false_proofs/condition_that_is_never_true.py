"""Anything, under a condition that is never true."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.proofs.proof import Proof

EXPECTED = "is never true"

false = hypothesis("1 ≤ 0", "parameters", 1, "<=", 0)
proof = Proof(load_theorem("unified-sam/rollout"), (), more=(step("false", 1, "<=", 0, {false: 1}),))
