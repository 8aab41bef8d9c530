"""A fact made around the constructor."""

import sympy as sp

from samtheory.proofs.kernel.facts import Fact
from samtheory.proofs.kernel.rules import step

EXPECTED = "no rule of the kernel has made this fact"

fact = object.__new__(Fact)
for key, value in {"name": "false", "lhs": sp.Integer(1), "relation": "<=", "rhs": sp.Integer(0)}.items():
    object.__setattr__(fact, key, value)
step("use", 1, "<=", 0, {fact: 1})
