"""A hypothesis for t < T used at T."""

from samtheory.proofs.kernel.rules import SELF, hypothesis, induction
from samtheory.proofs.language.terms import T, gap_at, t

EXPECTED = "is not assumed for every"

short = hypothesis("δ_{t+1} ≤ δ_t for t < T", "steps", gap_at(t + 1), "<=", gap_at(t), times=(t, 0, T))
first = hypothesis("start", "start", gap_at(0), "<=", 1)
induction("false", t, gap_at(t), "<=", 1, {SELF: 1, short: 1}, base={first: 1})
