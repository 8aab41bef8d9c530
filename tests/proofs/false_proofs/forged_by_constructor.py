"""A fact without a rule."""

import sympy as sp

from samtheory.proofs.kernel.facts import Fact

EXPECTED = "only the rules of the kernel make one"

Fact("false", sp.Integer(1), "<=", sp.Integer(0))
