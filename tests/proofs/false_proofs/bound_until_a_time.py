"""A bound that is proved up to t = 70 only."""

from dataclasses import replace

from samtheory.proofs import run
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.proofs.language.terms import t

EXPECTED = "is no condition on the time"

proved = run.proof_of("unified-sam/rollout")
(one,) = proved.one
early = hypothesis("t ≤ 70", "time", t, "<=", 70)
proof = replace(proved, one=(), more=(step("false", one.lhs, "<=", one.rhs, {one: 1, early: 0}),))
