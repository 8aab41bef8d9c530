"""Steps below a limit that is not the theorem's."""

from samtheory.proofs import unified_sam_3_2 as right
from samtheory.proofs.kernel.rules import hypothesis, instance, sign, step
from samtheory.proofs.proof import Proof
from samtheory.proofs.shared.bounds import D_positive
from samtheory.theorems.symbols import gamma

EXPECTED = "the calculator allows"

small = hypothesis("γ ≤ γ_max/2", "steps", 2 * gamma, "<=", right.stated.gamma_max)
enough = step("γ ≤ γ_max", gamma, "<=", right.stated.gamma_max, {small: 1, sign(gamma): 1}, D_positive)
one = instance("one step", right.one, {}, {right.stated.small_gamma: enough})
proof = Proof(right.proof.theorem, (one,))
