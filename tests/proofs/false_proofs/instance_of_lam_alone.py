"""λ = 0 without a = 1."""

import sympy as sp

from samtheory.proofs.kernel.rules import instance, shares
from samtheory.theorems.symbols import lam

EXPECTED = "a is not 1 - λ any more"

instance("false", shares(), {lam: sp.Integer(0)})
