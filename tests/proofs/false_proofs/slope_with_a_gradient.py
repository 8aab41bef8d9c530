"""A rest that contains ‖∇f‖²."""

import sympy as sp

from samtheory.proofs.kernel.analysis import slope
from samtheory.proofs.kernel.rules import step
from samtheory.proofs.language.terms import G, delta
from samtheory.proofs.setting import PL
from samtheory.theorems.symbols import mu

EXPECTED = "depends on x"

slope("false", 2 * mu, sp.Integer(0), step("", 2 * mu * delta, "<=", G, {PL: 1}), PL)
