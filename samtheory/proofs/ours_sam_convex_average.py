"""S1 at mu = 0, added up."""

import sympy as sp

from samtheory.theorems.ours_sam_convex_average import theorem

from .shared.towards_x_star import Towards

towards = Towards(theorem, sp.Integer(0))
proof = towards.stated.mean(towards.one(), towards.falls, theorem)
