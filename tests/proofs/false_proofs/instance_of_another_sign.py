"""ρ ≥ 0 at ρ = -1."""

import sympy as sp

from samtheory.proofs.kernel.rules import instance, sign, step
from samtheory.theorems.symbols import rho

EXPECTED = "of another type"

instance("false", step("true", 0, "<=", rho, {sign(rho): 1}), {rho: sp.Integer(-1)})
