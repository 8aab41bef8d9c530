"""An induction whose step is wrong."""

from samtheory.proofs.kernel.rules import SELF, hypothesis, induction
from samtheory.proofs.language.terms import gap_at, t

EXPECTED = "the two sides differ"

first = hypothesis("start", "start", gap_at(0), "<=", 0)
induction("false", t, gap_at(t), "<=", t, {SELF: 1}, base={first: 1})
