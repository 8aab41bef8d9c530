"""An induction that starts wrong."""

from samtheory.proofs.kernel.rules import SELF, induction
from samtheory.proofs.language.terms import gap_at, t

EXPECTED = "the two sides differ"

induction("false", t, gap_at(t), "<=", 1, {SELF: 1})
