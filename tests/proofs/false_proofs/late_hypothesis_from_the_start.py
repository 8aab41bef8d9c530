"""A hypothesis for t ≥ T used from 0 on."""

from samtheory.proofs.kernel.rules import SELF, hypothesis, induction
from samtheory.proofs.language.terms import T, gap_at, t

EXPECTED = "is not assumed for every"

late = hypothesis("δ_{t+1} ≤ δ_t for t ≥ T", "steps", gap_at(t + 1), "<=", gap_at(t), times=(t, T, None))
first = hypothesis("start", "start", gap_at(0), "<=", 1)
induction("false", t, gap_at(t), "<=", 1, {SELF: 1, late: 1}, base={first: 1})
