"""R8 without PL: the one step of `ours_convex`, added up."""

from samtheory.theorems.ours_convex_average import theorem

from . import ours_convex as pl
from .kernel.proof import Proof

proof = Proof(theorem, (pl.one, pl.stated.averaged(pl.one, pl.falls)))
