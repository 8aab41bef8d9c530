"""R1 without PL: the one step of `ours_usam_deterministic`, added up."""

from samtheory.theorems.ours_usam_non_convex import theorem

from . import ours_usam_deterministic as pl

proof = pl.stated.mean(pl.one, pl.falls, theorem)
