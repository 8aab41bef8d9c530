"""T ≤ 0 from T = 0 on, for a T that is 1, 2, ...: the step from 0 uses that T is positive."""

from samtheory.proofs.kernel.rules import SELF, induction
from samtheory.proofs.language.terms import T

EXPECTED = "T is never 0"

induction("false", T, T, "<=", 0, {SELF: 1 + 1 / T})
