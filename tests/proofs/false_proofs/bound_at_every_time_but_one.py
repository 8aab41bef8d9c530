"""A step that is proved for every t but 61."""

from dataclasses import replace

from samtheory.proofs import run
from samtheory.proofs.kernel.rules import hypothesis, step
from samtheory.proofs.language.terms import t

EXPECTED = "is no condition on the time"

proved = run.proof_of("unified-sam/rollout")
(one,) = proved.one
other = hypothesis("t ≠ 61", "time", 0, "<", (t - 61) ** 2)
proof = replace(proved, one=(), more=(step("false", one.lhs, "<=", one.rhs, {one: 1, other: 0}),))
