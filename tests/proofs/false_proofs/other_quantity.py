"""The inequality of another quantity."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import step
from samtheory.proofs.language.terms import E, far
from samtheory.proofs.proof import Proof

EXPECTED = "is not the inequality of one step"

proof = Proof(load_theorem("unified-sam/rollout"), (step("other", E(far), "<=", E(far), {}),))
