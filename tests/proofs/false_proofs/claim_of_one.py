"""A proof of 1 = 1."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import step
from samtheory.proofs.proof import Proof

EXPECTED = "is not claimed"

proof = Proof(load_theorem("unified-sam/rollout"), (), more=(step("one", 1, "=", 1, {}),))
