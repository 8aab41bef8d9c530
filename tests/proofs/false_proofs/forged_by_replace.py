"""A changed copy of a fact."""

import dataclasses

import sympy as sp

from samtheory.proofs.kernel.rules import ONE, step
from samtheory.proofs.language.terms import Flaw

EXPECTED = "dataclass instances"

true = step("true", 0, "<=", 1, {ONE: 1})
try:
    dataclasses.replace(true, rhs=sp.Integer(-1))
except TypeError as unlike:  # a fact is no dataclass
    raise Flaw(str(unlike)) from unlike
