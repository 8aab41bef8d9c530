"""A proof that shows the checks other claims than the reader."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.proof import Proof

EXPECTED = "is no proof"


class Other(Proof):
    @property
    def claims(self):
        return ()


proof = Other(load_theorem("unified-sam/rollout"), ())
