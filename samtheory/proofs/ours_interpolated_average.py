"""R7 without PL: the one step of `ours_interpolated`, added up."""

from samtheory.theorems.ours_interpolated_average import theorem

from . import ours_interpolated as pl

proof = pl.stated.mean(pl.one, pl.falls, theorem)
