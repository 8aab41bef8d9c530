"""A name stands for a formula."""

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, instance, step
from samtheory.proofs.language.terms import define
from samtheory.theorems.symbols import L

EXPECTED = "is no symbol"

name = define("N", L + 1)
instance("false", step("", 0, "<=", name, {ONE: name}), {name: sp.Integer(-1)})
