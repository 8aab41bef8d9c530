"""USAM for a theorem about every λ."""

import dataclasses

from samtheory.proofs import ours_usam_deterministic as right
from samtheory.proofs.proof import Proof

EXPECTED = "is assumed at"

proof = Proof(dataclasses.replace(right.proof.theorem, only=None), right.proof.one)
