"""The claim as a condition on the time."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import hypothesis
from samtheory.proofs.language.terms import E, G, delta, in_a, new
from samtheory.proofs.proof import Proof

EXPECTED = "is no condition on the time"

theorem = load_theorem("unified-sam/rollout")
(one,) = theorem.inequality
false = hypothesis("one step", "time", E(new), "<=", in_a((1 + one.growth) * delta + one.q * G + one.r))
proof = Proof(theorem, (false,))
