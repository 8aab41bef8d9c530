"""The claim itself as a hypothesis."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import hypothesis
from samtheory.proofs.language.terms import E, G, delta, in_a, new
from samtheory.proofs.proof import Proof

EXPECTED = "assumed of the point or the draw"

theorem = load_theorem("unified-sam/rollout")
(one,) = theorem.inequality
right = in_a((1 + one.growth) * delta + one.q * G + one.r)
false = hypothesis("one step", "method", E(new), "<=", right, everywhere=True)
proof = Proof(theorem, (false,))
