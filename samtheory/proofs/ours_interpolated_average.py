"""R7 without PL: the one step of `ours_interpolated`, added up."""

from samtheory.theorems.ours_interpolated_average import theorem

from . import ours_interpolated as pl
from .kernel.proof import Proof

proof = Proof(theorem, (pl.one, pl.stated.averaged(pl.one, pl.falls)))
