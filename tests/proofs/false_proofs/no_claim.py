"""A proof of nothing."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.proof import Proof

EXPECTED = "nothing is claimed"

proof = Proof(load_theorem("unified-sam/rollout"), ())
