"""f with another constant, for as long as one hypothesis is stated."""

import sympy as sp

from samtheory.proofs.language.terms import w
from samtheory.proofs.setting import f, here, smooth

EXPECTED = "the setting cannot be changed"

f.smoothness = sp.Integer(0)
smooth(f, here, w)
