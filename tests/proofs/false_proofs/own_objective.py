"""A function with values of one's own."""

from samtheory.proofs.language.terms import delta, grad
from samtheory.proofs.setting import Objective, here, smooth
from samtheory.theorems.symbols import L

EXPECTED = "the functions are f and f_v"

smooth(Objective("f", L, True, {here: (delta, grad)}), here, -grad)
