"""R1 without PL: the one step of `ours_usam_deterministic`, added up."""

from samtheory.theorems.ours_usam_non_convex import theorem

from . import ours_usam_deterministic as pl
from .kernel.proof import Proof
from .shared.telescope import averaged

proof = Proof(theorem, (pl.one, averaged(pl.one, pl.stated.descent, pl.stated.noise, pl.falls)))
