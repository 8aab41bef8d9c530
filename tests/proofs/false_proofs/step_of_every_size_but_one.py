"""A step that is proved for every γ but 1/7, which no random plan has."""

from dataclasses import replace

from samtheory.proofs import run
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.theorems.symbols import gamma

EXPECTED = "nothing checks it"

proved = run.proof_of("unified-sam/rollout")
(one,) = proved.one
other = hypothesis("γ ≠ 1/7", "steps", 0, "<", (7 * gamma - 1) ** 2)
proof = replace(proved, one=(step("false", one.lhs, "<=", one.rhs, {one: 1, other: 0}),))
