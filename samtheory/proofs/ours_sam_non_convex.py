"""R2 without PL: the one step of `ours_sam_deterministic`, added up."""

from samtheory.theorems.ours_sam_non_convex import theorem

from . import ours_sam_deterministic as pl
from .kernel.proof import Proof
from .shared.telescope import averaged

stated = pl.stated
proof = Proof(theorem, (pl.one, averaged(pl.one, stated.descent, stated.noise, pl.falls)))
