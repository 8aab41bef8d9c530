"""R10 without PL: the one step of `ours_ball`, added up."""

from samtheory.theorems.ours_ball_non_convex import theorem

from . import ours_ball as pl
from .kernel.proof import Proof
from .shared.telescope import averaged

proof = Proof(theorem, (pl.one, averaged(pl.one, pl.stated.descent, pl.stated.noise, pl.falls)))
