"""max ≤ y from one of its numbers."""

import sympy as sp

from samtheory.proofs.kernel.analysis import all_of
from samtheory.proofs.kernel.rules import hypothesis
from samtheory.proofs.language.terms import number

EXPECTED = "nothing is said of"

x = number("x")

y = number("y")
all_of("false", sp.Max(x, y, evaluate=False), 1, hypothesis("", "case", x, "<=", 1))
