"""Another inequality of one step."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import ONE, step
from samtheory.proofs.language.terms import E, new
from samtheory.proofs.proof import Proof

EXPECTED = "is not the inequality of one step"

proof = Proof(load_theorem("unified-sam/rollout"), (step("other", E(new), "<=", E(new) + 1, {ONE: 1}),))
