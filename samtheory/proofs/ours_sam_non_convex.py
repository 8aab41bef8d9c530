"""R2 without PL: the one step of `ours_sam_deterministic`, added up."""

from samtheory.theorems.ours_sam_non_convex import theorem

from . import ours_sam_deterministic as pl

proof = pl.stated.mean(pl.one, pl.falls, theorem)
