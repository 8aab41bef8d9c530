"""A base that is about every t."""

from samtheory.proofs.kernel.rules import SELF, hypothesis, induction
from samtheory.proofs.language.terms import gap_at, t

EXPECTED = "about t, not about the first time"

always = hypothesis("δ_t ≤ 0", "start", gap_at(t), "<=", 0, times=(t, 0, None))
induction("false", t, gap_at(t), "<=", 0, {SELF: 1}, base={always: 1})
