"""Something that answers as f would, with values of its own."""

import sympy as sp

from samtheory.proofs.language.terms import delta, w
from samtheory.proofs.setting import here, smooth

EXPECTED = "is about f or f_v"


class Like:
    name, smoothness = "f", sp.Integer(0)

    def value(self, x):
        return sp.Integer(0) if x is here else delta

    def gradient(self, x):
        return here


smooth(Like(), here, -w)
