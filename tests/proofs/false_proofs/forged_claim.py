"""A claim that the kernel has not made."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.facts import Fact
from samtheory.proofs.proof import Proof

EXPECTED = "no rule of the kernel has made this fact"

proof = Proof(load_theorem("unified-sam/rollout"), (object.__new__(Fact),))
