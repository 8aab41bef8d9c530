"""A line that holds at this x only."""

import sympy as sp

from samtheory.proofs.kernel.analysis import slope
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.proofs.language.terms import delta
from samtheory.proofs.setting import PL

EXPECTED = "only at this x"

small = hypothesis("δ ≤ 1", "case", delta, "<=", 1)
slope("false", sp.Integer(1), sp.Integer(0), step("", delta, "<=", 1, {small: 1}), PL)
