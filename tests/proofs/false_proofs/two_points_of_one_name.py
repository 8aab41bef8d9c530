"""Two points whose names look the same."""

import sympy as sp

from samtheory.proofs.kernel.rules import step
from samtheory.proofs.language.terms import grad
from samtheory.proofs.setting import f

EXPECTED = "the two sides differ"

s, r = sp.Symbol("s", real=True), sp.Symbol("s", positive=True)
step("false", f.value(s * grad), "=", f.value(r * grad), {})
