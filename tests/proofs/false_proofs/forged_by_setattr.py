"""A fact that says something else afterwards."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step

EXPECTED = "the fact has been changed"

fact = step("true", 0, "<=", 1, {ONE: 1})
object.__setattr__(fact, "rhs", sp.Integer(-1))
step("use", 0, "<=", -1, {fact: 1})
