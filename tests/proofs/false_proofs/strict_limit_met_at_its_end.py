"""ρ > 0, where the calculator allows ρ = 0."""

from dataclasses import replace

from samtheory.proofs import run
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.theorems.symbols import rho

EXPECTED = "the calculator allows"

proved = run.proof_of("unified-sam/rollout")
(one,) = proved.one
some = hypothesis("ρ > 0", "steps", 0, "<", rho)
proof = replace(proved, one=(step("false", one.lhs, "<=", one.rhs, {one: 1, some: 0}),))
