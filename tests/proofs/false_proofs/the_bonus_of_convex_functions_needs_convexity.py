"""Twice the bonus for a function that is not convex."""

from samtheory.catalogue import load_theorem
from samtheory.proofs.proof import Proof
from samtheory.proofs.shared.bonus import bonus, stretch, stretched
from samtheory.proofs.shared.full_batch import h, move
from samtheory.theorems.forms.bonus import CONVEX

EXPECTED = "uses what the theorem does not assume: convex"

twice = bonus(CONVEX, move, h, stretch, stretched)
proof = Proof(load_theorem("ours/usam-next"), (), more=(twice,))
