"""A mapping whose keys are seen by the multipliers and not by the hypotheses."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.proofs.proof import Proof

EXPECTED = "is no condition"


class Hidden(dict):
    def __iter__(self):
        return iter(())


false = hypothesis("1 ≤ 0", "false", 1, "<=", 0)
proof = Proof(load_theorem("unified-sam/rollout"), (), more=(step("false", 1, "<=", 0, Hidden({false: 1})),))
