"""A hypothesis about the final t."""

from samtheory.proofs.kernel.rules import hypothesis, induction
from samtheory.proofs.language.terms import gap_at, t

EXPECTED = "is a hypothesis about this t"

final = hypothesis("δ_t ≤ 0 at the end", "start", gap_at(t), "<=", 0)
first = hypothesis("start", "start", gap_at(0), "<=", 1)
induction("false", t, gap_at(t + 1), "<=", 0, {final: 1}, base={first: 1})
