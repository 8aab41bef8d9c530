"""A positive number called ρ: it is at most 2ρ, so that ρ is positive."""

from dataclasses import replace

import sympy as sp

from samtheory.proofs import run
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.theorems.symbols import rho

EXPECTED = "the calculator allows"

proved = run.proof_of("unified-sam/rollout")
(one,) = proved.one
some = hypothesis("ρ ≤ 2ρ", "steps", sp.Symbol("rho", positive=True), "<=", 2 * rho)
proof = replace(proved, one=(step("false", one.lhs, "<=", one.rhs, {one: 1, some: 0}),))
