"""R10 without PL: the one step of `ours_ball`, added up."""

from samtheory.theorems.ours_ball_non_convex import theorem

from . import ours_ball as pl

proof = pl.stated.mean(pl.one, pl.falls, theorem)
