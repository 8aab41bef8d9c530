"""USAM-PS without PL: the one step of `oikonomou_2026_usam_ps`, added up."""

from samtheory.theorems.oikonomou_2026_usam_ps_average import theorem

from . import oikonomou_2026_usam_ps as pl

proof = pl.stated.mean(pl.one, pl.falls, theorem)
