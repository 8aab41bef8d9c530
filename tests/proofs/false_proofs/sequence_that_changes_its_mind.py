"""A recursion that gives another formula each time."""

import sympy as sp

from samtheory.proofs.kernel.rules import sequence, step
from samtheory.proofs.language.terms import t

EXPECTED = "the two sides differ"

answers = iter([sp.Integer(1), sp.Integer(1), sp.Integer(-1)])
F, _, after = sequence("F", t, 0, lambda F: next(answers))
step("false", F(t + 1), "=", -1, {after: 1})
