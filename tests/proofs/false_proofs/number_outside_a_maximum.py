"""x ≤ max of others."""

import sympy as sp

from samtheory.proofs.kernel.analysis import one_of
from samtheory.proofs.language.terms import number
from samtheory.theorems.symbols import L, mu

EXPECTED = "none of the numbers"

x = number("x")
one_of(sp.Max(L, mu, evaluate=False), x)
