"""R8 without PL: the one step of `ours_convex`, added up."""

from samtheory.theorems.ours_convex_average import theorem

from . import ours_convex as pl

proof = pl.stated.mean(pl.one, pl.falls, theorem)
